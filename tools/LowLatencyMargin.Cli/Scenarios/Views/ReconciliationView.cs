using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>Positions of the engine beside what the log adds up to (R-1508): of one account, or of all.</summary>
internal static class ReconciliationView
{
    internal static View Of(AccountName? account, FillLedger ledger, Names names, ExchangeState state)
    {
        var rows = new List<(string Name, Fields Fields)>();
        int untracked = 0;
        foreach (MarketName market in names.Markets)
        {
            foreach (AccountName owner in names.Accounts.Where(owner => account is null || owner.Id == account.Id))
            {
                long size = SizeOf(owner, market, state);
                LedgerEntry entry = ledger.Of(owner.Id, market.Id);
                if (size != 0 || entry != LedgerEntry.Empty)
                {
                    bool traced = size == entry.Lots && entry.UnknownOrders == 0;
                    untracked += traced ? 0 : 1;
                    rows.Add(Row(owner, market, size, entry, traced));
                }
            }
        }

        var fields = new Fields();
        fields.Add("status", untracked == 0 ? "traced" : "untracked");
        fields.Add("positions", rows.Count);
        fields.Add("untracked", untracked);
        return new View("reconciliation", account?.Name ?? "all", fields) { RowKind = "position", Rows = rows };
    }

    /// <summary>All that an account has in a market, in however many positions.</summary>
    private static long SizeOf(AccountName owner, MarketName market, ExchangeState state)
    {
        long size = 0;
        for (int row = state.Accounts[owner.Id].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            size += state.Positions[row].Market == market.Id ? state.Positions[row].SizeLots : 0;
        }

        return size;
    }

    private static (string Name, Fields Fields) Row(AccountName owner, MarketName market, long size, LedgerEntry entry, bool traced)
    {
        var fields = new Fields();
        fields.Add("account", owner.Name);
        fields.Add("market", market.Name);
        fields.Add("size", HumanUnits.Quantity(size, market));
        fields.Add("logged", HumanUnits.Quantity(entry.Lots, market));
        fields.Add("difference", HumanUnits.Quantity(size - entry.Lots, market));
        fields.Add("fills", entry.Fills);
        fields.Add("takeovers", entry.Takeovers);
        fields.Add("unknown-orders", entry.UnknownOrders);
        fields.Add("status", traced ? "traced" : "untracked");
        return ($"{owner.Name}.{market.Name}", fields);
    }
}
