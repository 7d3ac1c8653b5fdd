using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Core;

/// <summary>Pools, loans, and the wallets of isolated spot-margin scopes.</summary>
public sealed partial class ExchangeState
{
    /// <summary>Lending pools: <see cref="Asset.Pool"/>.</summary>
    public Slab<LendingPool> Pools { get; }

    /// <summary>What lenders announced, by row of account and asset.</summary>
    public NativeArray<UnlockNotice> UnlockNotices { get; }

    /// <summary>What rows of spot-margin markets have beyond their orders: loans and promises.</summary>
    public Slab<MarginScope> MarginScopes { get; }

    /// <summary>From the row of account and market to its scope, 0: none.</summary>
    public NativeArray<int> ScopeOf { get; }

    /// <summary>Loans.</summary>
    public Slab<Loan> Loans { get; }

    /// <summary>Limits of the interest that is counted ahead, by pool.</summary>
    public PerMarket<LimitHeap> LoanLimits { get; }

    /// <summary>From account and market to the wallet of the isolated scope there: an account of the exchange's own, once made never gone.</summary>
    public LongMap IsolatedWallets { get; }

    /// <summary>Loans opened so far.</summary>
    public long LastLoanId
    {
        get => _head.Now.LastLoanId;
        set => _head.Now.LastLoanId = value;
    }

    /// <summary>Pools of which loans are left to be looked at after a step of interest.</summary>
    public int PendingPools
    {
        get => _head.Now.PendingPools;
        set => _head.Now.PendingPools = value;
    }

    /// <summary>The account row whose balances a row's trades move: its own, or the wallet of its isolated spot-margin scope.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int WalletOf(in Position position) =>
        position.IsIsolated == 0 ? position.Account : IsolatedWallets.Find(PositionKey(position.Account, position.Market));

    /// <summary>Whether an isolated scope had a wallet before.</summary>
    public bool HasIsolatedWallet(int account, int market) => IsolatedWallets.Find(PositionKey(account, market)) != 0;

    /// <summary>The wallet of an isolated scope, made if it is not there; 0 when there is no room.</summary>
    public int NeedIsolatedWallet(int account, int market)
    {
        int wallet = IsolatedWallets.Find(PositionKey(account, market));
        if (wallet == 0)
        {
            wallet = Accounts.Allocate();
            if (wallet != 0)
            {
                Accounts.Edit(wallet).IsLiquidationAccount = Account.IsolatedWallet;
                IsolatedWallets.Add(PositionKey(account, market), wallet);
            }
        }

        return wallet;
    }

    private long LendingBytes
    {
        get
        {
            long bytes = Pools.Bytes + UnlockNotices.Bytes + MarginScopes.Bytes + ScopeOf.Bytes + Loans.Bytes + IsolatedWallets.Bytes;
            for (int pool = 1; pool <= Pools.HighWater; pool++)
            {
                bytes += LoanLimits[pool].Bytes;
            }

            return bytes;
        }
    }
}
