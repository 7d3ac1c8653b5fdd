using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Commands of lending, and the time that interest needs.</summary>
internal sealed partial class LockstepRun
{
    /// <summary>What a command finds done by the time it comes.</summary>
    private Outcome PassTime()
    {
        var outcome = new Outcome();
        _model.PassTime(_command.Header.TimeNs, outcome);
        return outcome;
    }

    private Outcome? ApplyLending(Outcome due) => _command.Type switch
    {
        CommandType.SetPool => Whole<SetPool>() ?? _model.SetPool(in _command.As<SetPool>(), due),
        CommandType.Lend => Whole<Lend>() ?? _model.Lend(in _command.As<Lend>(), due),
        CommandType.Unlend => Whole<Unlend>() ?? _model.Unlend(in _command.As<Unlend>(), due),
        CommandType.Borrow => Whole<Borrow>() ?? _model.Borrow(in _command.As<Borrow>(), due),
        CommandType.Repay => Whole<Repay>() ?? _model.Repay(in _command.As<Repay>(), due),
        CommandType.CloseLoans => Whole<CloseLoans>() ?? _model.CloseLoans(in _command.As<CloseLoans>(), due),
        _ => null,
    };

    /// <summary>What liquidation accounts took over is sold at each mark; also when nobody buys it.</summary>
    private void DisposeQuietly(Outcome outcome)
    {
        if (_command.Type != CommandType.SetMarkPrice || !outcome.IsAccepted || _recording.Slots.Exists(slot => IsDisposal(in slot)))
        {
            return;
        }

        ModelMarket market = _model.Markets[(int)_command.As<SetMarkPrice>().MarketId - 1];
        if (market.Kind == MarketKind.SpotMargin)
        {
            _model.Dispose(market, outcome);
        }
    }

    private static bool IsDisposal(in EventSlot slot) => slot.Header.Type switch
    {
        EventType.LoanLiquidationStep => EventSlot.As<LoanLiquidationStep>(in slot).LiquidationId == 0,
        EventType.BadLoan => EventSlot.As<BadLoan>(in slot).LiquidationId == 0,
        _ => false,
    };

    /// <summary>Liquidations of loans, and what liquidation accounts sell; null when it is nothing of that.</summary>
    private string? FollowLoans(in EventSlot slot, Outcome outcome)
    {
        if (slot.Header.Type == EventType.LoanLiquidationStarted)
        {
            return _model.LiquidateLoans(EventSlot.As<LoanScopeTold>(in slot).AccountId, slot.Header.MarketId, outcome);
        }

        bool isNew = slot.Header.Type == EventType.BadLoan && outcome.BadLoans.Count(bad => _model.Accounts[bad.Account].IsLiquidation) <= _disposedBad;
        if (IsDisposal(in slot) && (slot.Header.Type != EventType.BadLoan || isNew))
        {
            _model.Dispose(_model.Markets[(int)slot.Header.MarketId - 1], outcome);
        }

        _disposedBad += IsDisposal(in slot) && slot.Header.Type == EventType.BadLoan ? 1 : 0;
        return null;
    }

    private int _disposedBad;
}
