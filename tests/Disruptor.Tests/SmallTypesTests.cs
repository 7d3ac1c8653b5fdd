using Disruptor.Tests.Support;

namespace Disruptor.Tests;

[TestFixture]
[Description("The small types: wait results, waiter owners, groups of dependencies, default members of handlers, the fatal handler.")]
public sealed class SmallTypesTests
{
    [Test]
    public void WaitResultTellsSequenceFromTimeout()
    {
        var result = new SequenceWaitResult(42);
        Assert.That(result.IsTimeout, Is.False);
        Assert.That(result.AvailableSequence, Is.EqualTo(42));
        Assert.That(result.UnsafeAvailableSequence, Is.EqualTo(42));
        Assert.That(result.ToString(), Is.EqualTo("42"));
        Assert.That(SequenceWaitResult.Timeout.IsTimeout, Is.True);
        Assert.That(SequenceWaitResult.Timeout.AvailableSequence, Is.Null);
        Assert.That(SequenceWaitResult.Timeout.ToString(), Is.EqualTo("Timeout"));
    }

    [Test]
    public void WaitResultsCompareByValue()
    {
        Assert.That(new SequenceWaitResult(1).Equals(new SequenceWaitResult(1)), Is.True);
        Assert.That(new SequenceWaitResult(1).Equals((object)new SequenceWaitResult(2)), Is.False);
        Assert.That(new SequenceWaitResult(-1).Equals(SequenceWaitResult.Timeout), Is.False);
        Assert.That(new SequenceWaitResult(1).Equals("1"), Is.False);
        Assert.That(new HashSet<SequenceWaitResult> { new(1), new(1), new(2) }, Has.Count.EqualTo(2));
    }

    [Test]
    public void OwnerKnowsItsHandler()
    {
        var handler = new CheckingHandler();
        Assert.That(SequenceWaiterOwner.EventHandler(handler).Handler, Is.SameAs(handler));
        Assert.That(SequenceWaiterOwner.Unknown.Handler, Is.Null);
    }

    [Test]
    public void GroupWithoutDependenciesFollowsTheCursor()
    {
        var cursor = new Sequence(3);
        var group = new DependentSequenceGroup(cursor);
        Assert.That(group.DependsOnCursor, Is.True);
        Assert.That(group.DependentSequenceCount, Is.EqualTo(1));
        Assert.That(group.Value, Is.EqualTo(3));
        cursor.SetValue(4);
        Assert.That(group.Value, Is.EqualTo(4));
        Assert.That(group.CursorValue, Is.EqualTo(4));
    }

    [TestCase(5, 6, 7, 5)]
    [TestCase(6, 5, 7, 5)]
    [TestCase(7, 6, 5, 5)]
    public void GroupHasTheLowestOfItsDependencies(long a, long b, long c, long lowest)
    {
        var group = new DependentSequenceGroup(new Sequence(9), new Sequence(a), new Sequence(b), new Sequence(c));
        Assert.That(group.Value, Is.EqualTo(lowest));
        Assert.That(group.DependsOnCursor, Is.False);
        Assert.That(group.DependentSequenceCount, Is.EqualTo(3));
        Assert.That(group.CursorValue, Is.EqualTo(9));
    }

    [Test]
    public void GroupsCompareByTheirDependencies()
    {
        var cursor = new Sequence();
        var (a, b) = (new Sequence(), new Sequence());
        Assert.That(new DependentSequenceGroup(cursor, a, b).HasSameDependencies(new DependentSequenceGroup(cursor, a, b)), Is.True);
        Assert.That(new DependentSequenceGroup(cursor, a).HasSameDependencies(new DependentSequenceGroup(cursor, a, b)), Is.False);
        Assert.That(new DependentSequenceGroup(cursor).HasSameDependencies(new DependentSequenceGroup(cursor, b)), Is.False);
        Assert.That(new DependentSequenceGroup(cursor) { Tag = "x" }.Tag, Is.EqualTo("x"));
    }

    [Test]
    public void SpinsEndWithTheValueOrWithCancellation()
    {
        var group = new DependentSequenceGroup(new Sequence(3));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.That(group.AggressiveSpinWaitFor(2, default), Is.EqualTo(3));
        Assert.That(group.SpinWaitFor(2, default), Is.EqualTo(3));
        Assert.That(() => group.AggressiveSpinWaitFor(4, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => group.SpinWaitFor(4, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void HandlerMembersHaveDefaults()
    {
        IValueEventHandler<Slot> handler = new BareHandler();
        Assert.That(handler.MaxBatchSize, Is.Null);
        Assert.That(
            () =>
            {
                handler.OnStart();
                handler.OnBatchStart(1);
                handler.OnTimeout(0);
                handler.OnShutdown();
            },
            Throws.Nothing);
    }

    [Test]
    public void FatalHandlerRethrowsWithTheCause()
    {
        var cause = new FormatException();
        var fatal = new ValueFatalExceptionHandler<Slot>();
        var slot = default(Slot);
        Assert.That(() => fatal.HandleEventException(cause, 3, ref slot), WithCause());
        Assert.That(() => fatal.HandleOnTimeoutException(cause, 3), WithCause());
        Assert.That(() => fatal.HandleOnStartException(cause), WithCause());
        Assert.That(() => fatal.HandleOnShutdownException(cause), WithCause());

        NUnit.Framework.Constraints.Constraint WithCause() => Throws.Exception.With.InnerException.SameAs(cause);
    }

    private sealed class BareHandler : IValueEventHandler<Slot>
    {
        public void OnEvent(ref Slot data, long sequence, bool endOfBatch)
        {
        }
    }
}
