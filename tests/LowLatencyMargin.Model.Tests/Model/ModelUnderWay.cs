using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>A liquidation that has begun and not finished.</summary>
internal sealed class ModelUnderWay
{
    public required long Id { get; init; }

    public required ModelRow Row { get; init; }

    /// <summary>The side of its position.</summary>
    public required LossKind Kind { get; init; }

    /// <summary>Who commanded it; null: the engine found it.</summary>
    public ModelAccount? Keeper { get; init; }

    /// <summary>Lots that keepers took over.</summary>
    public Big Kept { get; set; }

    /// <summary>Who took lots over with its own capital.</summary>
    public ModelAccount? Taker { get; set; }

    /// <summary>Lots closed by the book or holders of the other side.</summary>
    public Big Closed { get; set; }

    /// <summary>Notional that the book closed.</summary>
    public Big BookUnits { get; set; }

    public Big TakenLots { get; set; }

    public Big TakenProfit { get; set; }

    /// <summary>Makers of its trades.</summary>
    public List<(ModelAccount Maker, Big Lots)> Makers { get; } = [];

    public long? WaitsUntilNs { get; set; }

    /// <summary>Number of the command in which it began.</summary>
    public required long StartedIn { get; init; }

    /// <summary>Number of the command in which it went on last.</summary>
    public long WentOnIn { get; set; }
}

/// <summary>What is told of a liquidation when it begins.</summary>
internal sealed record ModelStarted(long Id, long Account, long Market, long Position, Big Size, long Mark, Big Equity, Big Requirement,
    Big Cost, Big Margin, Big BankruptcyPrice, long Keeper);

/// <summary>A step, and the scope after it.</summary>
internal sealed record ModelStep(long Id, LiquidationStepKind Kind, Big Meant, Big Closed, Big Units, Big Equity, Big Requirement);

/// <summary>What the liquidation account took over.</summary>
internal sealed record ModelTakenOver(long Id, long Account, long Market, Big Size, Big Cost, Big BankruptcyPrice, Big Profit);

/// <summary>A liquidation that waits.</summary>
internal sealed record ModelWait(long Id, long Account, Big Size, long UntilNs, Big Equity, Big Requirement);

/// <summary>What a liquidated scope paid.</summary>
internal sealed record ModelPenalty(long Account, Big Fee, Big Keeper, Big Protocol, Big Insurance, Big Makers);

/// <summary>What fee and penalty were computed from.</summary>
internal sealed record ModelTerms(long Id, long Market, Big Notional, Big Left, Big MinPenalty, Big Refund, long FeeRate, long PenaltyRate);

/// <summary>Rules of a market that were set.</summary>
internal sealed record ModelRulesSet(long Market, LiquidationRules Rules);

/// <summary>A keeper that joined the queue, or left it.</summary>
internal sealed record ModelRegistration(long Account, bool IsOn);

/// <summary>What a keeper got.</summary>
internal sealed record ModelReward(long Keeper, long Id, long Account, Big Reward, Big Refund, long Score);

/// <summary>What an owner's wallet paid beyond isolated margin.</summary>
internal sealed record ModelRecourse(long Account, long Id, Big Shortfall, Big Taken, Big Balance);

/// <summary>The end of a liquidation.</summary>
internal sealed record ModelFinished(long Id, long Account, Big Closed, Big BookUnits, Big Taken);

/// <summary>Rules of a market's liquidations, and what its limits of a second have seen.</summary>
internal sealed partial class ModelMarket
{
    private const long SecondNs = 1_000_000_000;

    private readonly Dictionary<long, Big> _closedBy = [];
    private long _second = -1;

    public LiquidationRules LiquidationRules { get; set; } = LiquidationRules.Default;

    public long NextSecond(long now) => ((now / SecondNs) + 1) * SecondNs;

    /// <summary>Notional that liquidations closed on the book in the second of a moment, by one account, or by all (0).</summary>
    public Big ClosedInSecond(long now, long account)
    {
        if (now / SecondNs != _second)
        {
            _closedBy.Clear();
            _second = now / SecondNs;
        }

        return _closedBy.GetValueOrDefault(account);
    }

    public void NoteClosed(long now, long account, Big units)
    {
        _closedBy[account] = ClosedInSecond(now, account) + units;
        _closedBy[0] = ClosedInSecond(now, 0) + units;
    }
}
