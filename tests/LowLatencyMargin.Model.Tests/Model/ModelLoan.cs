#if LENDING
namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>What a scope of a spot-margin market owes of one asset.</summary>
internal sealed class ModelLoan
{
    public required ModelRow Row { get; init; }

    public required ModelPool Pool { get; init; }

    public required long OpenedNs { get; init; }

    public Big Principal { get; set; }

    public Big Shares { get; set; }

    /// <summary>When a fixed term ends; 0: none.</summary>
    public long EndsNs { get; set; }

    public Big Owed => Pool.Debt(Shares);

    public Big Interest => Owed - Principal;

    /// <summary>Another debt: shares of the pool that give it back exactly.</summary>
    public void Owe(Big debt)
    {
        Big shares = Pool.SharesOf(debt);
        Pool.DebtShares += shares - Shares;
        Shares = shares;
    }
}
#endif
