using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>
/// How liquidations ended (R-2104), from the event stream: a liquidation fails when it costs more than its owner's money and the insurance funds have, so
/// that winners are closed or charged or there is bad debt.
/// </summary>
internal sealed class LiquidationOutcomes
{
    private readonly Dictionary<long, long> _lastOfAccount = [];
    private readonly HashSet<long> _failed = [];

    internal long Started { get; private set; }

    internal long Finished { get; private set; }

    internal long Failed => _failed.Count;

    internal LiquidationOutcomes Copy()
    {
        var copy = new LiquidationOutcomes { Started = Started, Finished = Finished };
        copy._failed.UnionWith(_failed);
        foreach ((long account, long liquidation) in _lastOfAccount)
        {
            copy._lastOfAccount[account] = liquidation;
        }

        return copy;
    }

    internal void Add(ref readonly EventSlot slot)
    {
        switch (slot.Header.Type)
        {
            case EventType.LiquidationStarted:
                ref readonly LiquidationStarted started = ref EventSlot.As<LiquidationStarted>(in slot);
                _lastOfAccount[started.AccountId] = started.LiquidationId;
                Started++;
                break;
            case EventType.LiquidationFinished:
                Finished++;
                break;
            case EventType.ShortfallCovered:
                ref readonly ShortfallCovered covered = ref EventSlot.As<ShortfallCovered>(in slot);
                bool beyond = covered.ShortfallUnits - covered.InsuranceUnits > covered.GlobalUnits;
                if (beyond && _lastOfAccount.TryGetValue(covered.AccountId, out long liquidation))
                {
                    _ = _failed.Add(liquidation);
                }

                break;
            case EventType.AutoDeleveraged:
                _ = _failed.Add(EventSlot.As<AutoDeleveraged>(in slot).LiquidationId);
                break;
            default:
                break;
        }
    }
}
