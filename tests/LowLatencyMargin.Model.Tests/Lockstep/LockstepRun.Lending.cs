#if LENDING
using LowLatencyMargin.Core.Commands;
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
        _ => null,
    };
}
#endif
