namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>A bracket of notional; null: without end.</summary>
internal sealed record ModelTier(Big? Limit, int Leverage, Big MaintenanceRate);

/// <summary>What docs/margin.md adds to a market's parameters.</summary>
internal sealed record MarginRules
{
    public static readonly MarginRules None = new();

    public IReadOnlyList<ModelTier> Tiers { get; init; } = [];

    public long NoticeNs { get; init; }

    public int VolatilityThreshold { get; init; }

    public Big VolatilityMultiplier { get; init; } = Rounding.Scale;

    public long VolatilityWindowNs { get; init; }

    public long GraceNs { get; init; }

    public long AddOnNoticeNs { get; init; }

    public Big SizeRate { get; init; }

    public Big SizeStep { get; init; } = 1;

    public Big SizeFrom { get; init; }

    public Big OpenInterestFrom { get; init; }

    /// <summary>0: off.</summary>
    public Big OpenInterestTo { get; init; }

    /// <summary>Whether a rate depends on the notional.</summary>
    public bool IsGraded => Tiers.Count > 0 || !SizeRate.IsZero;

    /// <summary>Where the last tier ends, 0 for nowhere.</summary>
    public Big TierEnd => Tiers.Count == 0 ? 0 : Tiers[^1].Limit ?? 0;
}

/// <summary>Margin rates of a market that are in force (docs/margin.md).</summary>
internal sealed partial class ModelMarket
{
    private const int WindowParts = 10;

    private readonly SortedDictionary<long, (long Low, long High)> _window = [];

    public MarginRules Margin { get; set; } = MarginRules.None;

    public bool IsVolatile { get; private set; }

    /// <summary>Whether initial margins follow the volatility already.</summary>
    public bool InitialIsMultiplied { get; private set; }

    public long? InitialFollowsAt { get; private set; }

    /// <summary>Maintenance rates in force, by bracket; one without end in a market without tiers.</summary>
    public IReadOnlyList<ModelTier> Maintenance { get; private set; } = [];

    /// <summary>Maintenance rates of the parameters before the add-on; behind the parameters while a notice runs.</summary>
    public IReadOnlyList<ModelTier> Plain { get; private set; } = [];

    /// <summary>When those of the parameters follow.</summary>
    public long? NoticeEndsAt { get; private set; }

    public bool MaintenanceIsMultiplied { get; private set; }

    public long? MaintenanceFollowsAt { get; private set; }

    public Big OpenInterestShare { get; private set; }

    /// <summary>What initial rates followed so far, the latest last.</summary>
    private readonly List<(bool IsMultiplied, Big Share)> _moments = [];

    /// <summary>How often what initial rates follow has changed.</summary>
    public int Moment => _moments.Count - 1;

    public long? NextMoment => new[] { InitialFollowsAt, NoticeEndsAt, MaintenanceFollowsAt }.Min();

    /// <summary>The bracket of a notional.</summary>
    public static int TierOf(IReadOnlyList<ModelTier> tiers, Big notional)
    {
        int tier = 0;
        while (tier < tiers.Count - 1 && notional >= tiers[tier].Limit)
        {
            tier++;
        }

        return tier;
    }

    /// <summary>Maintenance margin times 100 %: every part of the notional at the rate of its bracket.</summary>
    public static Big ScaledMaintenance(IReadOnlyList<ModelTier> tiers, Big notional)
    {
        Big sum = 0;
        Big from = 0;
        for (int tier = 0; tier < tiers.Count; tier++)
        {
            bool isLast = tier == tiers.Count - 1;
            Big to = isLast ? notional : Big.Min(notional, tiers[tier].Limit!.Value);
            sum += Big.Max(0, to - from) * tiers[tier].MaintenanceRate;
            from = isLast ? notional : tiers[tier].Limit!.Value;
        }

        return sum;
    }

    public Big MaintenanceMargin(Big notional) => Rounding.Up(ScaledMaintenance(Maintenance, notional), Rounding.Scale);

    /// <summary>The market's initial margin rate of a side at a notional, an account's own leverage apart.</summary>
    public Big InitialRate(bool isShort, Big notional)
    {
        Big rate = isShort ? Parameters.InitialMarginShortRate : Parameters.InitialMarginLongRate;
        if (Margin.Tiers.Count > 0)
        {
            ModelTier tier = Margin.Tiers[TierOf(Margin.Tiers, notional)];
            rate = Big.Max(rate, Big.Max(Rounding.Up(Rounding.Scale, tier.Leverage), Rounding.Up(Rounding.Scale, Parameters.MaxLeverage)));
        }

        rate = InitialIsMultiplied ? Rounding.RateUp(rate, Margin.VolatilityMultiplier) : rate;
        rate = rate < Rounding.Scale ? rate + Rounding.RateUp(Rounding.Scale - rate, OpenInterestShare) : rate;
        if (!Margin.SizeRate.IsZero && notional > Margin.SizeFrom)
        {
            Big addOn = Rounding.Up(Margin.SizeRate * (notional - Margin.SizeFrom), Margin.SizeStep);
            rate += Big.Min(addOn, Big.Max(0, Rounding.Scale - rate));
        }

        return rate;
    }

    /// <summary>Whether something held at initial rates of one of the moments since that one.</summary>
    public bool HeldSince(int moment, Func<bool> isSo)
    {
        (bool IsMultiplied, Big Share) now = (InitialIsMultiplied, OpenInterestShare);
        bool held = isSo();
        for (int i = Moment; i >= moment && !held; i--)
        {
            (InitialIsMultiplied, OpenInterestShare) = _moments[i];
            held = isSo();
        }

        (InitialIsMultiplied, OpenInterestShare) = now;
        return held;
    }

    /// <summary>After listing, and after parameters were set.</summary>
    public void TakeParameters(MarginRules rules, long now, bool isListed)
    {
        bool windowChanged = Margin.VolatilityWindowNs != rules.VolatilityWindowNs;
        bool begins = windowChanged || Margin.VolatilityThreshold == 0;
        Margin = rules;
        if (windowChanged)
        {
            _window.Clear();
        }

        if (rules.VolatilityThreshold == 0)
        {
            _window.Clear();
            CalmDown();
        }
        else if (begins && HasMark)
        {
            _window[now / (rules.VolatilityWindowNs / WindowParts)] = (Mark, Mark);
        }

        IReadOnlyList<ModelTier> wanted = Wanted;
        bool waits = !isListed && Rises(Plain, wanted) && Rows.Any(row => !row.Size.IsZero) && rules.NoticeNs != 0;
        NoticeEndsAt = waits ? Math.Max(NoticeEndsAt ?? 0, now + rules.NoticeNs) : null;
        Plain = waits ? Plain : wanted;
        PutInForce();
        FindOpenInterestShare();
        NoteMoment();
    }

    /// <summary>A mark by command: volatility and open interest.</summary>
    public void FollowMark(long now)
    {
        FindOpenInterestShare();
        if (Margin.VolatilityThreshold != 0)
        {
            FollowVolatility(now);
        }

        NoteMoment();
    }

    private void FollowVolatility(long now)
    {
        long part = now / (Margin.VolatilityWindowNs / WindowParts);
        (long low, long high) = _window.GetValueOrDefault(part, (Mark, Mark));
        _window[part] = (Math.Min(low, Mark), Math.Max(high, Mark));
        foreach (long old in _window.Keys.Where(key => key <= part - WindowParts).ToList())
        {
            _window.Remove(old);
        }

        Big lowest = _window.Values.Min(range => range.Low);
        Big highest = _window.Values.Max(range => range.High);
        bool isVolatile = (highest - lowest) * Rounding.Scale > Margin.VolatilityThreshold * lowest;
        if (isVolatile == IsVolatile)
        {
            return;
        }

        if (!isVolatile)
        {
            CalmDown();
            PutInForce();
            return;
        }

        IsVolatile = true;
        bool isOpen = Rows.Any(row => !row.Size.IsZero);
        InitialIsMultiplied = Margin.GraceNs == 0;
        InitialFollowsAt = InitialIsMultiplied ? null : now + Margin.GraceNs;
        MaintenanceIsMultiplied = Margin.AddOnNoticeNs == 0 || !isOpen;
        MaintenanceFollowsAt = MaintenanceIsMultiplied ? null : now + Margin.AddOnNoticeNs;
        PutInForce();
    }

    /// <summary>What is due by now.</summary>
    public void Advance(long now)
    {
        if (InitialFollowsAt <= now)
        {
            InitialFollowsAt = null;
            InitialIsMultiplied = true;
        }

        bool follows = MaintenanceFollowsAt <= now;
        bool ends = NoticeEndsAt <= now;
        if (follows)
        {
            MaintenanceFollowsAt = null;
            MaintenanceIsMultiplied = true;
        }

        if (ends)
        {
            NoticeEndsAt = null;
            Plain = Wanted;
        }

        if (follows || ends)
        {
            PutInForce();
            FindOpenInterestShare();
        }

        NoteMoment();
    }

    private void NoteMoment()
    {
        (bool IsMultiplied, Big Share) now = (InitialIsMultiplied, OpenInterestShare);
        if (_moments.Count == 0 || _moments[^1] != now)
        {
            _moments.Add(now);
        }
    }

    private void CalmDown()
    {
        IsVolatile = false;
        InitialIsMultiplied = false;
        InitialFollowsAt = null;
        MaintenanceIsMultiplied = false;
        MaintenanceFollowsAt = null;
    }

    private void PutInForce() => Maintenance = MaintenanceIsMultiplied
        ? [.. Plain.Select(tier => tier with { MaintenanceRate = Rounding.RateUp(tier.MaintenanceRate, Margin.VolatilityMultiplier) })]
        : Plain;

    private static bool Rises(IReadOnlyList<ModelTier> from, IReadOnlyList<ModelTier> to)
    {
        IEnumerable<Big> limits = from.Concat(to).Where(tier => tier.Limit is not null).Select(tier => tier.Limit!.Value);
        return limits.Any(limit => ScaledMaintenance(to, limit) > ScaledMaintenance(from, limit))
            || to[0].MaintenanceRate > from[0].MaintenanceRate
            || to[^1].MaintenanceRate > from[^1].MaintenanceRate;
    }

    private IReadOnlyList<ModelTier> Wanted =>
        Margin.Tiers.Count > 0 ? Margin.Tiers : [new ModelTier(null, 1, Parameters.MaintenanceMarginRate)];

    private void FindOpenInterestShare()
    {
        if (Margin.OpenInterestTo.IsZero)
        {
            OpenInterestShare = 0;
            return;
        }

        Big lots = Rows.Where(row => row.Size.Sign > 0).Aggregate(Big.Zero, (sum, row) => sum + row.Size);
        Big open = lots * Mark * TickValue;
        OpenInterestShare = open <= Margin.OpenInterestFrom ? 0
            : open >= Margin.OpenInterestTo ? Rounding.Scale
            : Rounding.Up(Rounding.Scale * (open - Margin.OpenInterestFrom), Margin.OpenInterestTo - Margin.OpenInterestFrom);
    }
}
