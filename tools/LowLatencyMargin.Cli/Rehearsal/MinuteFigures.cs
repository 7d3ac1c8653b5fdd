namespace LowLatencyMargin.Cli.Rehearsal;

/// <summary>What happened in one market within a minute, or within all of them. Money in the smallest units of the quote asset.</summary>
internal sealed class MinuteFigures
{
    /// <summary>When it began.</summary>
    internal long TimeNs { get; init; }

    internal long OpenTicks { get; init; }

    internal long HighTicks { get; set; }

    internal long LowTicks { get; set; }

    internal long CloseTicks { get; set; }

    /// <summary>Scopes that fell below their requirement.</summary>
    internal long Started { get; set; }

    /// <summary>Positions among them that never did before.</summary>
    internal long FirstTime { get; set; }

    internal long Finished { get; set; }

    /// <summary>Those that cost more than the owner's money and the insurance fund had (R-2104).</summary>
    internal long Failed { get; set; }

    /// <summary>Closed on the book, at the prices traded.</summary>
    internal Int128 ClosedUnits { get; set; }

    /// <summary>The same at the marks of those moments.</summary>
    internal Int128 ClosedAtMarkUnits { get; set; }

    /// <summary>What the closes traded worse than the mark; negative: better.</summary>
    internal Int128 SlippageUnits { get; set; }

    /// <summary>What the closes traded better than the bankruptcy price.</summary>
    internal decimal CushionUnits { get; set; }

    /// <summary>The least of that over single trades, as a rate of the bankruptcy price; null: nothing traded.</summary>
    internal decimal? LeastCushion { get; set; }

    /// <summary>Taken over by the liquidation account, at bankruptcy prices.</summary>
    internal Int128 TakenOverUnits { get; set; }

    /// <summary>Losses beyond the owners' money.</summary>
    internal Int128 ShortfallUnits { get; set; }

    internal Int128 InsuranceUsedUnits { get; set; }

    /// <summary>Profitable positions that were closed against a loss (R-1204).</summary>
    internal long Deleveraged { get; set; }

    /// <summary>What was closed of them.</summary>
    internal Int128 DeleveragedUnits { get; set; }

    /// <summary>Taken from winners' profits (R-1206).</summary>
    internal Int128 SocialisedUnits { get; set; }

    internal Int128 BadDebtUnits { get; set; }

    internal Int128 PenaltyUnits { get; set; }

    /// <summary>Insurance fund at the end.</summary>
    internal Int128 InsuranceUnits { get; set; }

    /// <summary>Open interest at the end, in lots of one side.</summary>
    internal long OpenInterestLots { get; set; }

    /// <summary>What is there at the end less what came in, over all markets: 0 unless units are lost or made .</summary>
    internal Int128 ImbalanceUnits { get; set; }

    /// <summary>Share of the liquidations that ended without a loss beyond the owner's money and the insurance fund (R-2104); null: none ended.</summary>
    internal decimal? Success => Finished == 0 ? null : (decimal)(Finished - Failed) / Finished;

    /// <summary>How much worse than the mark closes traded, as a rate; null: none did.</summary>
    internal decimal? Slippage => ClosedAtMarkUnits == 0 ? null : (decimal)SlippageUnits / (decimal)ClosedAtMarkUnits;

    /// <summary>How much better than the bankruptcy price closes traded, as a rate; null: none did.</summary>
    internal decimal? Cushion => ClosedUnits == 0 ? null : CushionUnits / (decimal)ClosedUnits;

    internal bool IsQuiet => Started == 0 && Finished == 0 && ClosedUnits == 0 && TakenOverUnits == 0 && ShortfallUnits == 0;

    internal void Add(MinuteFigures other)
    {
        Started += other.Started;
        FirstTime += other.FirstTime;
        Finished += other.Finished;
        Failed += other.Failed;
        ClosedUnits += other.ClosedUnits;
        ClosedAtMarkUnits += other.ClosedAtMarkUnits;
        SlippageUnits += other.SlippageUnits;
        CushionUnits += other.CushionUnits;
        LeastCushion = other.LeastCushion is { } least && (LeastCushion is null || least < LeastCushion) ? least : LeastCushion;
        TakenOverUnits += other.TakenOverUnits;
        ShortfallUnits += other.ShortfallUnits;
        InsuranceUsedUnits += other.InsuranceUsedUnits;
        Deleveraged += other.Deleveraged;
        DeleveragedUnits += other.DeleveragedUnits;
        SocialisedUnits += other.SocialisedUnits;
        BadDebtUnits += other.BadDebtUnits;
        PenaltyUnits += other.PenaltyUnits;
    }
}
