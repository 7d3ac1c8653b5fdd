using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Previews;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>What a command would do: its result, what its fills cost, and the fields of account and position before and after.</summary>
internal static class PreviewView
{
    /// <summary>Fields of an account that a position has too get this in front.</summary>
    private const string OfAccount = "account-";

    /// <summary>Fields that say who it is, not how it stands.</summary>
    private static readonly string[] Names = ["account", "market", "owner", "group", "updated", "opened", "closed"];

    private static readonly string[] Columns =
    [
        "at", "equity", "available", "account-order-margin", "size", "entry", "leverage", "tier", "margin", "initial-margin", "maintenance-margin",
        "liquidation-price", "bankruptcy-price", "borrowed", "owed", "level", "health",
    ];

    internal static View Of(string subject, ResultCode code, in Preview preview, AssetName asset, Fields? before, Fields? after)
    {
        var fields = new Fields();
        fields.Add("code", code.ToString());
        fields.Add("fee", HumanUnits.Money(preview.FeeUnits, asset));
        fields.Add("realised-pnl", HumanUnits.Money(preview.RealizedPnlUnits, asset));
        return new View("preview", subject, fields)
        {
            RowKind = "figure",
            RowColumns = Columns,
            Rows = before is null || after is null ? [] : [("before", before), ("after", after)],
        };
    }

    /// <summary>Account and position in one row: those of the position first.</summary>
    internal static Fields Row(string at, View? position, View account)
    {
        var fields = new Fields();
        fields.Add("at", at);
        foreach ((string name, Value value) in account.Fields.Where(field => !Names.Contains(field.Key)))
        {
            fields.Add(position is null || position.Fields.Find(name) is null ? name : OfAccount + name, value);
        }

        if (position is null)
        {
            return fields;
        }

        foreach ((string name, Value value) in position.Fields.Where(field => !Names.Contains(field.Key)))
        {
            fields.Add(name, value);
        }

        return fields;
    }
}
