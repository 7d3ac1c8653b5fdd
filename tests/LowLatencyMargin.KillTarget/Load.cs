using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Pipeline;

namespace LowLatencyMargin.KillTarget;

/// <summary>
/// A seeded flow: first what the exchange does not have yet (collateral, a market, accounts), then orders, cancels, deposits and marks that
/// swing far enough to liquidate. Client order ids are the run's number and a count, so that the journal shows whether one is missing.
/// </summary>
internal sealed class Load : ICommandSource
{
    /// <summary>A client order id is the run shifted by this, plus a count from 1.</summary>
    public const int RunShift = 40;

    private const int Accounts = 40;
    private const long StartTicks = 200_000;
    private const long Unit = 1_000_000;
    private const int PerPoll = 128;

    private readonly Queue<byte[]> _setup = new();
    private readonly RestingOrders _resting;
    private readonly Prng _prng;
    private readonly long _run;
    private readonly double _perSecond;
    private readonly byte[] _next = new byte[CommandHeader.MaxCommandBytes];
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _nextBytes;
    private long _ids;
    private long _submitted;
    private volatile bool _isStopping;

    public Load(Exchange recovered, long run, double perSecond, RestingOrders resting)
    {
        _run = run;
        _perSecond = perSecond;
        _resting = resting;
        _prng = new Prng((ulong)run);
        SetUp(recovered.State!);
    }

    /// <summary>Whether the last poll submitted nothing because it was asked to stop.</summary>
    public bool IsStopped { get; private set; }

    public void Stop() => _isStopping = true;

    public bool Poll(CommandSequencer sequencer)
    {
        if (_isStopping)
        {
            IsStopped = true;
            return false;
        }

        long due = (long)(Stopwatch.GetElapsedTime(_start).TotalSeconds * _perSecond);
        int taken = 0;
        while (taken < PerPoll && _submitted < due)
        {
            if (_nextBytes == 0)
            {
                Make();
            }

            // a command that was refused is submitted again: its id is not lost
            if (!sequencer.TrySubmit(_next.AsSpan(0, _nextBytes)))
            {
                break;
            }

            _nextBytes = 0;
            _submitted++;
            taken++;
        }

        return taken > 0;
    }

    private void SetUp(ExchangeState state)
    {
        if (state.Assets.HighWater == 0)
        {
            _ = Symbol.TryParse("USDC", out Symbol collateral);
            Queue(CommandType.AddAsset, new AddAsset { Symbol = collateral, Decimals = 6 });
        }

        if (state.Markets.HighWater == 0)
        {
            _ = Symbol.TryParse("BTC-PERP", out Symbol name);
            _ = Symbol.TryParse("BTC", out Symbol label);
            Queue(CommandType.ListMarket, new ListMarket
            {
                Symbol = name,
                BaseSymbol = label,
                QuoteAssetId = 1,
                TickSizeE9 = 100_000_000,
                LotSizeE9 = 100_000_000,
                LadderTicks = 1 << 12,
                Parameters = MarketParameters.Default,
            });
        }

        Queue(CommandType.SetMarkPrice, new SetMarkPrice { MarketId = 1, PriceTicks = StartTicks });

        // account 1 is the market's own
        for (int account = Math.Max(1, state.Accounts.HighWater); account <= Accounts; account++)
        {
            Queue(CommandType.CreateAccount, new CreateAccount { OwnerId = account });
        }
    }

    private void Make()
    {
        if (_setup.TryDequeue(out byte[]? first))
        {
            first.CopyTo(_next, 0);
            _nextBytes = first.Length;
            return;
        }

        int kind = _prng.Below(1000);
        long account = 2 + _prng.Below(Accounts);
        if (kind < 6)
        {
            Set(CommandType.SetMarkPrice, new SetMarkPrice { MarketId = 1, PriceTicks = StartTicks - 14_000 + _prng.Below(28_000) });
        }
        else if (kind < 20)
        {
            Set(CommandType.Deposit, new Deposit { AccountId = account, AssetId = 1, AmountUnits = (400 * Unit) + _prng.Below(1_000_000) });
        }
        else if (kind < 400 && _resting.TryTake(out long order, out long owner))
        {
            Set(CommandType.CancelOrder, new CancelOrder { AccountId = owner, OrderId = order });
        }
        else
        {
            Set(CommandType.PlaceOrder, new PlaceOrder
            {
                AccountId = account,
                MarketId = 1,
                ClientOrderId = (_run << RunShift) + ++_ids,
                PriceTicks = StartTicks - 100 + _prng.Below(200),
                QuantityLots = 1 + _prng.Below(3),
                Side = (Side)_prng.Below(2),
                TimeInForce = _prng.Below(5) == 0 ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel,
            });
        }
    }

    private void Queue<T>(CommandType type, T command)
        where T : unmanaged
    {
        Set(type, command);
        _setup.Enqueue(_next.AsSpan(0, _nextBytes).ToArray());
        _nextBytes = 0;
    }

    private void Set<T>(CommandType type, T command)
        where T : unmanaged
    {
        _nextBytes = Unsafe.SizeOf<T>();
        Unsafe.As<T, CommandHeader>(ref command) = new CommandHeader
        {
            LengthBytes = (uint)_nextBytes,
            Type = type,
            Version = Exchange.CommandVersion,
        };
        MemoryMarshal.Write(_next, in command);
    }
}
