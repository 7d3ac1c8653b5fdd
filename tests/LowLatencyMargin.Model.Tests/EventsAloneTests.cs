using LowLatencyMargin.Core;
using LowLatencyMargin.Model.Tests.Lockstep;

namespace LowLatencyMargin.Model.Tests;

/// <summary>R-1208: what a haircut, a deleveraging, a shortfall or funding took follows from the events alone.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class EventsAloneTests
{
    private const int Exchanges = 6;
    private const int Commands = 2_500;

    [Test]
    [Description("R-1208, R-902, R-906, R-1204, R-1206: the events of random crashes, applied again from bytes, without a look at any state.")]
    public void EveryFigureFollowsFromItsEvents()
    {
        var audits = new List<EventAudit>();
        foreach (Profile profile in WaterfallLockstepTests.Profiles)
        {
            for (ulong seed = 1; seed <= Exchanges; seed++)
            {
                var tape = new CommandTape();
                using (var run = new LockstepRun(profile, 4_500_000 + seed, tape))
                {
                    run.Run(Commands);
                }

                using var exchange = new Exchange();
                var audit = new EventAudit();
                foreach (byte[] command in tape.Commands)
                {
                    exchange.Apply(command);
                    audit.Check(exchange.Events.Span);
                }

                audits.Add(audit);
            }
        }

        Assert.That(audits.Sum(audit => audit.Deleveragings), Is.GreaterThan(200), "deleveragings");
        Assert.That(audits.Sum(audit => audit.Haircuts), Is.GreaterThan(200), "haircuts");
        Assert.That(audits.Sum(audit => audit.Shortfalls), Is.GreaterThan(100), "shortfalls");
        Assert.That(audits.Sum(audit => audit.FundingIntervals), Is.GreaterThan(100), "intervals of funding");
        Assert.That(audits.Sum(audit => audit.FundingPayments), Is.GreaterThan(200), "payments of funding");
    }
}
