namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>From a volume on, other rates.</summary>
internal sealed record FeeStep(Big Volume, int MakerRate, int TakerRate);

/// <summary>Who gets which share of the fees; the protocol the rest.</summary>
internal sealed record FeeSplit(int Protocol, int Insurance, int Lenders, int Community)
{
    public static readonly FeeSplit AllToProtocol = new((int)Rounding.Scale, 0, 0, 0);
}

/// <summary>Fees of a market (docs/fees.md).</summary>
internal sealed partial class ModelMarket
{
    public const long DayNs = 86_400_000_000_000;
    public const int VolumeDays = 30;

    public static readonly Big MostVolumeOfDay = Big.Pow(2, 57);

    public IReadOnlyList<FeeStep> FeeSteps { get; set; } = [];

    public FeeSplit FeeSplit { get; set; } = FeeSplit.AllToProtocol;

    public Big LenderFees { get; set; }

    public Big CommunityFees { get; set; }

    /// <summary>The rates of an account by its volume of the last 30 days.</summary>
    public FeeStep RatesOf(ModelAccount account, long now)
    {
        var own = new FeeStep(0, Parameters.MakerFeeRate, Parameters.TakerFeeRate);
        if (FeeSteps.Count == 0)
        {
            return own;
        }

        Big volume = account.VolumeAt(now);
        return FeeSteps.LastOrDefault(step => volume >= step.Volume) ?? own;
    }

    public void Receive(Big net)
    {
        Big insurance = Rounding.RateDown(net, FeeSplit.Insurance);
        Big lenders = Rounding.RateDown(net, FeeSplit.Lenders);
        Big community = Rounding.RateDown(net, FeeSplit.Community);
        (Big fromCommunity, Big fromProtocol) = Redirected(net, insurance, lenders, community);
        Fees += net - insurance - lenders - community - fromProtocol;
        Insurance += insurance + fromCommunity + fromProtocol;
        LenderFees += lenders;
        CommunityFees += community - fromCommunity;
    }

    /// <summary>Whether steps and split can be set.</summary>
    public static bool CanWork(IReadOnlyList<FeeStep> steps, FeeSplit split, int maker, int taker)
    {
        var all = steps.Prepend(new FeeStep(0, maker, taker)).ToList();
        int most = (int)Rounding.Scale / 10;
        bool areRates = all.All(step => step.TakerRate >= 0 && step.TakerRate <= most && step.MakerRate >= -most && step.MakerRate <= most);
        bool rise = true;
        for (int i = 1; i < all.Count; i++)
        {
            FeeStep step = all[i];
            FeeStep before = all[i - 1];
            rise &= step.Volume > before.Volume && step.MakerRate <= before.MakerRate && step.TakerRate <= before.TakerRate;
        }

        int[] shares = [split.Protocol, split.Insurance, split.Lenders, split.Community];
        bool isWhole = shares.All(share => share >= 0) && shares.Sum(share => (long)share) == Rounding.Scale;
        return areRates && rise && isWhole && -all.Min(step => step.MakerRate) <= all.Min(step => step.TakerRate);
    }
}

/// <summary>Volumes of an account, by UTC day.</summary>
internal sealed partial class ModelAccount
{
    public Dictionary<long, Big> Volumes { get; } = [];

    public Big VolumeAt(long now)
    {
        long today = now / ModelMarket.DayNs;
        Big sum = 0;
        foreach ((long day, Big volume) in Volumes)
        {
            sum += day > today - ModelMarket.VolumeDays && day <= today ? volume : 0;
        }

        return sum;
    }

    public void AddVolume(long now, Big notional)
    {
        long today = now / ModelMarket.DayNs;
        Volumes[today] = Big.Min(ModelMarket.MostVolumeOfDay, Volumes.GetValueOrDefault(today) + notional);
    }
}
