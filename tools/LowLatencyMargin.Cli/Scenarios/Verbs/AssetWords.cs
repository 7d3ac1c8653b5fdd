using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>How price and weights of an asset are written: <c>weight=90% discount=100000:95%,1000000:80% cap=5000000 price=1</c> (R-202).</summary>
internal static class AssetWords
{
    private const int MostDiscounts = 4;

    /// <summary>Reads all options of a line that are parameters of an asset; how many there were.</summary>
    internal static int Read(ScenarioLine line, AssetName collateral, ref AssetParameters parameters)
    {
        int count = 0;
        if (Given(line, "weight", ref count) is { } weight)
        {
            parameters.OpeningWeight = parameters.FillingWeight = parameters.MaintenanceWeight = HumanUnits.Ratio(line, weight);
        }

        parameters.OpeningWeight = Rate(line, "weight-open", parameters.OpeningWeight, ref count);
        parameters.FillingWeight = Rate(line, "weight-fill", parameters.FillingWeight, ref count);
        parameters.MaintenanceWeight = Rate(line, "weight-maintenance", parameters.MaintenanceWeight, ref count);
        parameters.LiabilityWeight = Rate(line, "liability-weight", parameters.LiabilityWeight, ref count);
        if (Given(line, "price", ref count) is { } price)
        {
            parameters.PriceE9 = price == "market" ? 0 : HumanUnits.AboveZero(line, "price", HumanUnits.Size(line, price, "price"));
        }

        if (Given(line, "cap", ref count) is { } cap)
        {
            parameters.CapUnits = cap == "off" ? 0 : HumanUnits.AboveZero(line, "cap", HumanUnits.Money(line, cap, collateral));
        }

        if (Given(line, "discount", ref count) is { } discount)
        {
            ReadDiscount(line, discount, collateral, ref parameters);
        }

        return count;
    }

    internal static void Print(Fields fields, in Asset asset, AssetName collateral)
    {
        ref readonly AssetParameters p = ref asset.Parameters;
        fields.Add("weight-open", HumanUnits.Ratio(p.OpeningWeight));
        fields.Add("weight-fill", HumanUnits.Ratio(p.FillingWeight));
        fields.Add("weight-maintenance", HumanUnits.Ratio(p.MaintenanceWeight));
        fields.Add("liability-weight", HumanUnits.Ratio(p.LiabilityWeight));
        fields.Add("cap", p.CapUnits == 0 ? Value.Of("off") : HumanUnits.Money(p.CapUnits, collateral));
        var discounts = Discounts(in p).Where(part => part.From != 0)
            .Select(part => $"{HumanUnits.MoneyOf(part.From, collateral)}:{HumanUnits.Ratio(part.Rate)}");
        string text = string.Join(',', discounts);
        fields.Add("discount", text.Length == 0 ? "off" : text);
    }

    private static (long From, int Rate)[] Discounts(in AssetParameters p) =>
    [
        (p.Discount1Units, p.Discount1Rate), (p.Discount2Units, p.Discount2Rate), (p.Discount3Units, p.Discount3Rate), (p.Discount4Units, p.Discount4Rate),
    ];

    private static void ReadDiscount(ScenarioLine line, string text, AssetName collateral, ref AssetParameters parameters)
    {
        var parts = new (long From, int Rate)[MostDiscounts];
        string[] words = text == "off" ? [] : text.Split(',');
        for (int i = 0; i < words.Length; i++)
        {
            string[] pair = words[i].Split(':');
            parts[Math.Min(i, MostDiscounts - 1)] = pair.Length == 2 && words.Length <= MostDiscounts
                ? (HumanUnits.Money(line, pair[0], collateral), HumanUnits.Ratio(line, pair[1]))
                : throw line.Error($"discount={text} is not understood", "up to four VALUE:RATE such as 100000:95%,1000000:80%, or off");
        }

        (parameters.Discount1Units, parameters.Discount1Rate) = parts[0];
        (parameters.Discount2Units, parameters.Discount2Rate) = parts[1];
        (parameters.Discount3Units, parameters.Discount3Rate) = parts[2];
        (parameters.Discount4Units, parameters.Discount4Rate) = parts[3];
    }

    private static int Rate(ScenarioLine line, string key, int otherwise, ref int count) =>
        Given(line, key, ref count) is { } text ? HumanUnits.Ratio(line, text) : otherwise;

    private static string? Given(ScenarioLine line, string key, ref int count)
    {
        string? text = line.Option(key);
        count += text is null ? 0 : 1;
        return text;
    }
}
