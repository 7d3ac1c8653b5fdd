using System.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>What is told when the two differ.</summary>
internal sealed partial class LockstepRun
{
    private const int LongestReport = 100_000;

    private string Report(Exception exception)
    {
        var text = new StringBuilder();
        text.AppendLine($"profile {_profile.Name}, seed {_seed}, {_command}");
        text.AppendLine(exception is DivergenceException ? exception.Message : exception.ToString());
        foreach (EventSlot slot in _recording.Slots.Where(slot => slot.Header.Type != EventType.InterestAccrued))
        {
            text.AppendLine("  event " + EventText.Of(in slot));
        }

        long accountId = _command.Type is (>= CommandType.Deposit and <= CommandType.ModifyOrder)
            or (>= CommandType.SetPositionMode and <= CommandType.TransferPosition)
            or (>= CommandType.TransferToMargin and <= CommandType.SetMarginEnabled) or CommandType.PlaceOrderWithTerms
            ? _command.As<Deposit>().AccountId
            : 0;
        IEnumerable<long> accounts = _recording.Started.Select(started => started.AccountId)
            .Concat(_recording.Fills.Select(fill => fill.Account)).Concat(_recording.Losses.Holders).Concat(_recording.Settlements.Holders).Append(accountId);
        if (exception is DivergenceException { AccountId: not 0 } divergence)
        {
            accounts = accounts.Append(divergence.AccountId);
        }

        if (_command.Type == CommandType.TransferPosition)
        {
            accounts = accounts.Append(_command.As<TransferPosition>().ToAccountId);
        }

        if (_recording.Losses.Holders.Any() || _recording.Shortfalls.Count > 0)
        {
            foreach (ModelMarket market in _model.Markets)
            {
                text.AppendLine($"  model market {market.Id}: {market.Losses}, fund {market.Insurance}, global {_model.GlobalInsurance}, liquidation account's"
                    + $" equity {market.LiquidationAccount.CrossEquity}, pending {market.PendingLoss}");
                foreach ((int side, ModelRanking ranking) in market.Rankings.Where(pair => pair.Value.Command == _model.Command))
                {
                    IEnumerable<string> places = ranking.Places.Select(place => $"{place.Row.Account.Id}/{place.Position} {place.Score}");
                    text.AppendLine($"    ranked {side}: {string.Join(", ", places)}");
                }
            }
        }

        foreach (ModelMarket market in _model.Markets.Where(_ => _profile.LiquidationShare != 0))
        {
            LiquidationRules r = market.LiquidationRules;
            text.AppendLine($"  model market {market.Id}: {(r.Partial == 0 ? "whole" : "parts")} from {r.PartialMinNotionalUnits} at least "
                + $"{r.PartialMinFractionRate}"
                + $" target {r.PartialTargetRate}, {r.Style}, {r.Recourse}, {r.KeeperLoop}, limits {r.AccountLimitUnits} {r.MarketLimitUnits},"
                + $" stages {r.DisposalIntervalMs} {r.DisposalFractionRate} {r.DisposalShareRate}, refund {r.KeeperCostRefundUnits}");
        }

        foreach (ModelMarket market in _model.Markets.Where(_ => _profile.FeedShare != 0))
        {
            text.AppendLine($"  model market {market.Id}: {market.Prices}");
        }

        foreach (ModelPool pool in _model.Pools.Values)
        {
            text.AppendLine($"  model pool {pool.Asset.Id} {pool.Parameters.Model}: liquidity {pool.Liquidity} borrowed {pool.Borrowed} principal"
                + $" {pool.Principal} assets {pool.Assets}"
                + $" supply {pool.Supply} promised {pool.Promised} index {pool.Index} epoch {pool.Epoch}/{pool.EpochAt(_model.NowNs)} of"
                + $" {pool.EpochAssets} out {pool.EpochOut}"
                + $" cap {pool.Parameters.FlowCapRate} factor {pool.Parameters.ReserveFactorRate}");
        }

        foreach (ModelLoan loan in _model.Loans)
        {
            text.AppendLine($"  model loan of account {loan.Row.Account.Id} market {loan.Row.Market.Id} asset {loan.Pool.Asset.Id}: owed {loan.Owed}"
                + $" principal {loan.Principal}"
                + $" scope {loan.Row.Purse.Units(loan.Row.Market.QuoteAsset)} and {loan.Row.Purse.Units(loan.Row.Market.BaseAsset)}");
        }

        foreach (long id in accounts.Distinct())
        {
            text.Append(EventText.Of(_model, id));
        }

        return text.Length <= LongestReport ? text.ToString() : text.ToString(0, LongestReport);
    }
}
