using System.Text;

namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>
/// One command in words that still mean something when steps before it are left out: an order is named by the step that placed it, an expiry by
/// the time to go. All fields are numbers, so that they can be made smaller one by one.
/// </summary>
internal sealed class Step
{
    /// <summary>Tags of one step and its items: more than a mass quote has levels.</summary>
    public const int TagsPerStep = 256;

    private readonly long[] _fields = new long[(int)Field.Count];

    public CommandType Type { get; init; }

    /// <summary>Names the step for good, and its first order.</summary>
    public int Tag { get; init; }

    /// <summary>Items of a batch, levels of a mass quote.</summary>
    public IReadOnlyList<Step> Items { get; init; } = [];

    public long this[Field field]
    {
        get => _fields[(int)field];
        set => _fields[(int)field] = value;
    }

    public Step With(Field field, long value)
    {
        Step copy = Copy(Items);
        copy[field] = value;
        return copy;
    }

    public Step Copy(IReadOnlyList<Step> items, int? tag = null)
    {
        var copy = new Step { Type = Type, Tag = tag ?? Tag, Items = items };
        _fields.CopyTo(copy._fields, 0);
        return copy;
    }

    public override string ToString()
    {
        var text = new StringBuilder().Append(Type == CommandType.None ? "  item" : $"[{Tag}] {Type}");
        for (Field field = 0; field < Field.Count; field++)
        {
            if (this[field] != 0)
            {
                text.Append(' ').Append(field).Append('=').Append(Name(field, this[field]));
            }
        }

        foreach (Step item in Items)
        {
            text.AppendLine().Append("    ").Append(item);
        }

        return text.ToString();
    }

    private static string Name(Field field, long value) => field switch
    {
        Field.Side => ((Side)value).ToString(),
        Field.Type => ((OrderType)value).ToString(),
        Field.TimeInForce => ((TimeInForce)value).ToString(),
        Field.SelfTrade => ((SelfTradePrevention)value).ToString(),
        Field.Flags => ((OrderFlags)value).ToString().Replace(", ", "+", StringComparison.Ordinal),
        Field.Kind => ((TriggerKind)value).ToString(),
        Field.Source => ((TriggerSource)value).ToString(),
        Field.State => ((MarketState)value).ToString(),
        Field.Action => ((BatchAction)value).ToString(),
        Field.Mode => ((BatchMode)value).ToString(),
        Field.Sides => ((SideFilter)value).ToString(),
        Field.Parameters => value + ": " + ScenarioText.Parameters(Profile.ParametersOf(value)),
        _ => value.ToString(),
    };
}

/// <summary>What commands have.</summary>
internal enum Field
{
    /// <summary>How much time passes before the command.</summary>
    AdvanceNs,
    Account,
    Market,
    ClientId,

    /// <summary>The tag of an order.</summary>
    Order,
    Side,
    Price,
    Quantity,
    Type,
    TimeInForce,
    SelfTrade,
    Flags,
    Slippage,
    Display,

    /// <summary>From the command's time on; below 0: before it.</summary>
    ExpiresInNs,
    Kind,
    Source,
    Trigger,
    TrailTicks,
    TrailRate,
    Activation,
    StepTicks,

    /// <summary>The tag of an order.</summary>
    Link,
    Sides,
    SpareStops,
    Mode,
    Action,
    QuoteId,
    Bids,
    StopLoss,
    TakeProfit,
    DeltaLots,
    Fills,
    WindowMs,
    FrozenMs,
    TimeoutMs,
    On,
    State,
    PerSecond,
    Burst,
    Reserve,
    Group,

    /// <summary>Seed of market parameters, 0: the plain ones.</summary>
    Parameters,

    /// <summary>1: cut short, 2: a reserved byte is set, 3: an unknown version.</summary>
    Spoil,
    Count,
}
