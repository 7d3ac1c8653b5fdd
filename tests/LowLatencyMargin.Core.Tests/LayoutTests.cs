using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Tests;

[TestFixture]
internal sealed class LayoutTests
{
    private static IEnumerable<Type> Events => typeof(EventSlot).Assembly.GetTypes()
        .Where(type => type is { IsValueType: true, IsEnum: false, IsPublic: true, Namespace: "LowLatencyMargin.Core.Events" } && type != typeof(EventHeader));

    private static IEnumerable<Type> Commands => typeof(CommandHeader).Assembly.GetTypes()
        .Where(type => type is { IsValueType: true, IsEnum: false } && BeginsWithHeader(type));

    [Test]
    [Description("ARCHITECTURE: what matching touches is a cache line an order, an account and an event; two a position.")]
    public void RowsAreCacheLines()
    {
        Assert.That(Unsafe.SizeOf<EventSlot>(), Is.EqualTo(64));
        Assert.That(Unsafe.SizeOf<Order>(), Is.EqualTo(64));
        Assert.That(Unsafe.SizeOf<Account>(), Is.EqualTo(64));
        Assert.That(Unsafe.SizeOf<Position>(), Is.EqualTo(128));
        Assert.That(Unsafe.SizeOf<EventHeader>(), Is.EqualTo(16));
        Assert.That(Unsafe.SizeOf<CommandHeader>(), Is.EqualTo(32));
    }

    [Test]
    [Description("Every event is one slot with the header first.")]
    public void EventsAreOneSlot()
    {
        Assert.That(Events.Count(), Is.GreaterThan(15));
        foreach (Type type in Events)
        {
            Assert.That(Marshal.SizeOf(type), Is.EqualTo(EventSlot.SizeBytes), type.Name);
            Assert.That(Marshal.OffsetOf(type, "Header"), Is.EqualTo((nint)0), type.Name);
        }
    }

    [Test]
    [Description("Every command begins with its header and is a multiple of eight bytes, within the largest record.")]
    public void CommandsBeginWithTheHeader()
    {
        Assert.That(Commands.Count(), Is.EqualTo(Enum.GetValues<CommandType>().Length - 1), "all but None");
        foreach (Type type in Commands)
        {
            int size = Marshal.SizeOf(type);
            Assert.That(size % 8, Is.Zero, type.Name);
            Assert.That(size, Is.LessThanOrEqualTo(CommandHeader.MaxCommandBytes), type.Name);
            Assert.That(Marshal.OffsetOf(type, type.GetFields(BindingFlags.Instance | BindingFlags.Public)[0].Name), Is.EqualTo((nint)0), type.Name);
        }
    }

    [Test]
    [Description("R-101: no floating point in any state, command or event.")]
    public void NoFloatingPoint()
    {
        IEnumerable<FieldInfo> fields = typeof(Exchange).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic));
        Assert.That(fields.Where(f => f.FieldType == typeof(double) || f.FieldType == typeof(float) || f.FieldType == typeof(decimal)), Is.Empty);
        Assert.That(typeof(Position).GetFields(), Is.Not.Empty);
    }

    // an order with terms begins with the order, which begins with the header
    private static bool BeginsWithHeader(Type type)
    {
        Type? first = type.GetFields(BindingFlags.Instance | BindingFlags.Public).FirstOrDefault()?.FieldType;
        return first == typeof(CommandHeader) || first == typeof(PlaceOrder);
    }
}
