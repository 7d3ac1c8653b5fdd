using System.Numerics;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Pricing;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-902: what some have paid and others have not got yet is what the open positions come to, to a fraction of a unit.</summary>
internal static partial class StateChecks
{
    private static void CheckFunding(ExchangeState state, int market, Totals totals)
    {
        ref readonly Market row = ref state.Markets[market];
        ref readonly MarketFunding funding = ref state.Funding[market];
        totals.Timers += funding.TimerPlace != 0 ? 1 : 0;
        Holds(funding.TimerPlace == 0 == (funding.NextNs == 0) && funding.NextNs == 0 == (funding.Rules.IsOn == 0 || row.IndexTicks == 0), "funding timer");
        Holds(funding.RestE8 is >= 0 and < 100_000_000 && (row.HasFunded != 0 || row.FundingIndexE8 == 0), "funding of a market");
        BigInteger unsettled = 0;
        for (int i = 1; i <= state.Positions.HighWater; i++)
        {
            ref readonly Position position = ref state.Positions[i];
            if (position.Market == market && position.SizeLots != 0)
            {
                unsettled += new BigInteger(position.SizeLots) * (row.FundingIndexE8 - position.FundingIndexE8) * row.TickValueUnits;
            }
        }

        Holds(new BigInteger(funding.ClearingUnits) * 100_000_000 == funding.RestE8 - unsettled, "R-902: funding is not zero-sum");
    }
}
