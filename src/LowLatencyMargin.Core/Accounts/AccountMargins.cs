using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>Margin limits of single accounts .</summary>
public sealed class AccountMargins(ExchangeState state)
{
    private const int MostLeverage = 1000;

    /// <summary>Sets all of them.</summary>
    public ResultCode Set(ref readonly SetAccountMargin command)
    {
        if (command.AccountId < 1 || command.AccountId > state.Accounts.HighWater || state.Accounts[(int)command.AccountId].IsLiquidationAccount != 0)
        {
            return ResultCode.UnknownAccount;
        }

        if (command.Reserved != 0)
        {
            return ResultCode.MalformedCommand;
        }

        if (command.PortfolioLeverage is < 0 or > MostLeverage)
        {
            return ResultCode.InvalidParameter;
        }

        ref Account account = ref state.Accounts.Edit((int)command.AccountId);
        account.Traits = command.PortfolioLeverage != 0
            ? account.Traits | AccountTraits.PortfolioLeverage
            : account.Traits & ~AccountTraits.PortfolioLeverage;
        state.AccountControls.Edit((int)command.AccountId).PortfolioLeverage = command.PortfolioLeverage;
        ref Accepted accepted = ref state.Events.Add<Accepted>(EventType.Accepted, 0);
        accepted.Command = CommandType.SetAccountMargin;
        accepted.AccountId = command.AccountId;
        return ResultCode.Accepted;
    }
}
