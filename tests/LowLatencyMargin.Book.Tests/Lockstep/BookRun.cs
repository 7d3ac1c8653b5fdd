using System.Runtime.InteropServices;
using System.Text;
using LowLatencyMargin.Book.Tests.Book;
using LowLatencyMargin.Core;

namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>One exchange and one reference book on the same steps, compared after each.</summary>
internal sealed class BookRun : IDisposable
{
    private const int FullComparisonEvery = 1_000;
    private const long Deposit = 1L << 50;

    private const long NsPerSecond = 1_000_000_000;

    private readonly Exchange _exchange = new();
    private readonly CommandWriter _writer;
    private readonly Profile _profile;
    private readonly Tally _tally;
    private long _timeNs = (20_454 * 86_400L * NsPerSecond) - (20 * NsPerSecond);
    private int _steps;

    public BookRun(Profile profile, Tally tally, Rules rules = Rules.Documented, List<byte[]>? tape = null)
    {
        Tape = tape;
        _profile = profile;
        _tally = tally;
        Book = new ReferenceBook(profile.RecentOrders, rules);
        _writer = new CommandWriter(Book);
        SetUp();
    }

    public ReferenceBook Book { get; }

    /// <summary>All commands so far, for another exchange to repeat; null: not kept.</summary>
    public List<byte[]>? Tape { get; }

    public long FirstAccount => _profile.Markets + 1;

    /// <summary>Plays steps on a new exchange; null, or what differed and where.</summary>
    public static (int At, string What)? Play(Profile profile, IReadOnlyList<Step> steps, Rules rules = Rules.Documented)
    {
        using var run = new BookRun(profile, new Tally(), rules);
        for (int i = 0; i < steps.Count; i++)
        {
            if (run.Try(steps[i]) is { } wrong)
            {
                return (i, wrong);
            }
        }

        return run.TryFinish() is { } left ? (steps.Count, left) : null;
    }

    /// <summary>Applies a step to both; null, or what differed.</summary>
    public string? Try(Step step) => Guard(() => Apply(step));

    /// <summary>Compares everything; null, or what differed.</summary>
    public string? TryFinish() => Guard(() => Comparison.Everything(_exchange.State!, Book));

    public void Dispose() => _exchange.Dispose();

    private static string? Guard(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception exception) when (exception is DivergenceException)
        {
            return exception.Message;
        }
        catch (Exception exception) when (exception is InvariantBrokenException or OverflowException or IndexOutOfRangeException)
        {
            return exception.ToString();
        }
    }

    private void Apply(Step step)
    {
        _timeNs += Math.Max(0, step[Field.AdvanceNs]);
        Book.Tag = step.Tag;
        ReadOnlySpan<byte> command = _writer.Write(step, _exchange.Sequence + 1, _timeNs);
        Tape?.Add(command.ToArray());
        ResultCode code = _exchange.Apply(command);
        ResultCode expected = Book.Apply(command);
        if (code != expected && code == Book.AlsoAllowed)
        {
            expected = code;
        }

        if (code != expected)
        {
            var text = new StringBuilder($"result: exchange {code}, reference book {expected}\n");
            foreach (ref readonly EventSlot slot in _exchange.Events.Span)
            {
                text.AppendLine("    " + (Told.IsForetold(slot.Header.Type) ? Told.Of(in slot).ToString() : slot.Header.Type.ToString()));
            }

            throw new DivergenceException(text.ToString());
        }

        List<Told> events = Comparison.Events(_exchange, Book);
        Comparison.Touched(_exchange.State!, Book);
        _tally.Count(step.Type, code, events);
        if (++_steps % FullComparisonEvery == 0)
        {
            Comparison.Everything(_exchange.State!, Book);
        }
    }

    private void SetUp()
    {
        Genesis genesis = new()
        {
            MaxAccounts = _profile.Accounts + _profile.Markets, MaxOrders = Math.Max(4_096, _profile.Orders * 4),
            MaxPositions = (_profile.Accounts + 2) * _profile.Markets, MaxAssets = 1, MaxMarkets = _profile.Markets,
            MaxWorkPerCommand = _profile.Work, RecentOrders = _profile.RecentOrders,
        };
        Send(CommandType.Genesis, genesis);
        AddAsset asset = new() { Decimals = 6 };
        _ = Symbol.TryParse("USD", out asset.Symbol);
        Send(CommandType.AddAsset, asset);
        for (int market = 1; market <= _profile.Markets; market++)
        {
            ListMarket list = new()
            {
                QuoteAssetId = 1, TickSizeE9 = 1_000_000_000, LotSizeE9 = 1_000_000_000, LadderTicks = 4_096, Parameters = Profile.Plain,
            };
            _ = Symbol.TryParse("M" + market, out list.Symbol);
            _ = Symbol.TryParse("B" + market, out list.BaseSymbol);
            Send(CommandType.ListMarket, list);
            MarketListed listed = EventSlot.As<MarketListed>(in _exchange.Events.Span[0]);
            Book.Accounts.Add(market, new BookAccount(market));
            Book.Markets.Add(new BookMarket(market, Profile.Plain, listed.TickValueUnits));
        }

        for (int account = 0; account < _profile.Accounts; account++)
        {
            Send(CommandType.CreateAccount, new CreateAccount { OwnerId = account + 1 });
            Book.Accounts.Add(FirstAccount + account, new BookAccount(FirstAccount + account));
            Send(CommandType.Deposit, new Deposit { AccountId = FirstAccount + account, AssetId = 1, AmountUnits = Deposit });
        }

        for (int market = 1; market <= _profile.Markets && !_profile.WithoutMarks; market++)
        {
            var mark = new Step { Type = CommandType.SetMarkPrice };
            (mark[Field.Market], mark[Field.Price]) = (market, _profile.BasePrice);
            Apply(mark);
        }
    }

    private void Send<T>(CommandType type, T command)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref command));
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(bytes);
        (header.Type, header.Version, header.LengthBytes) = (type, Exchange.CommandVersion, (uint)bytes.Length);
        (header.Sequence, header.TimeNs) = (_exchange.Sequence + 1, _timeNs);
        Tape?.Add(bytes.ToArray());
        ResultCode code = _exchange.Apply(bytes);
        if (code != ResultCode.Accepted)
        {
            throw new InvalidOperationException($"set-up: {type}: {code}");
        }
    }
}
