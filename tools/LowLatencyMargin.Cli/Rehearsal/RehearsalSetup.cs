using LowLatencyMargin.Cli.Scenarios;
using LowLatencyMargin.Cli.Scenarios.Verbs;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Cli.Rehearsal;

/// <summary>Parameters or sizes that a rehearsal can't begin with: what is wrong, and what was expected.</summary>
internal sealed class RehearsalException(string reason) : Exception(reason);

/// <summary>
/// Lists the markets by the lines that a scenario would have, so that every parameter and preset that scenarios know works here, and opens the
/// population against the market makers.
/// </summary>
internal sealed class RehearsalSetup(RehearsalOptions options, ScenarioSession session)
{
    private const int Decimals = 6;
    private const long UnitsPerQuote = 1_000_000;
    private const int MaxWorkPerCommand = 1_024;

    /// <summary>What a market has unless the options say otherwise: room for the highest leverage of the mix.</summary>
    private const string UsualMaintenance = "mm=1%";

    private const string UsualFees = "maker-fee=2bp taker-fee=5bp";
    private const string UsualPenalty = "liquidation-penalty=1%";

    private readonly ExchangeFeed _feed = new(session.Driver.Exchange);

    internal ExchangeFeed Feed => _feed;

    internal List<RehearsalMarket> Markets { get; } = [];

    internal Population Population { get; private set; } = null!;

    /// <summary>Account of each owner of the population.</summary>
    internal long[] Accounts { get; private set; } = [];

    /// <summary>Why positions were refused.</summary>
    internal SortedDictionary<ResultCode, long> Refusals { get; } = [];

    internal void Run(Action<long> progress)
    {
        Setup();
        _feed.TimeNs = Markets.Min(market => market.NextMs!.Value) * 1_000_000;
        long makerUnits = Exact.MaxMoneyUnits / 2 / Markets.Count;
        foreach (RehearsalMarket market in Markets)
        {
            int account = Account(makerUnits);
            market.Maker = new MarketMaker(
                _feed, market.Name.Id, account, options.DepthQuote * UnitsPerQuote, options.DepthRangeBp, market.Name.TickValueUnits);
            Require(_feed.Send(CommandType.SetMarkPrice, new SetMarkPrice { MarketId = market.Name.Id, PriceTicks = market.FirstTicks }));
        }

        Population = Population.Generate(options, [.. Markets.Select(Planned)]);
        Accounts = new long[Population.Owners];
        for (int i = 0; i < Population.Positions.Count;)
        {
            int end = i + 1;
            while (end < Population.Positions.Count && Population.Positions[end].Owner == Population.Positions[i].Owner)
            {
                end++;
            }

            Open(i, end);
            i = end;
            progress(i);
        }
    }

    /// <summary>What an account gets for a position: its initial margin, the fee, and what the entry is worse than the mark.</summary>
    internal static long DepositFor(in PlannedPosition position, RehearsalMarket market, int initialRate, int takerRate)
    {
        long highest = Math.Max(position.EntryTicks, market.FirstTicks);
        long held = checked(position.Lots * highest * market.Name.TickValueUnits);
        long worse = position.IsLong ? position.EntryTicks - market.FirstTicks : market.FirstTicks - position.EntryTicks;
        long loss = position.IsIsolated ? 0 : Math.Max(0, worse) * position.Lots * market.Name.TickValueUnits;
        return Rate.OfRoundedUp(held, initialRate) + Rate.OfRoundedUp(held, takerRate) + loss;
    }

    private static PlannedMarket Planned(RehearsalMarket market)
    {
        long lotUnits = market.FirstTicks * market.Name.TickValueUnits;
        return new PlannedMarket(market.FirstTicks, (UnitsPerQuote << 16) / lotUnits);
    }

    private void Setup()
    {
        var setup = new SetupVerbs(session);
        int markets = options.Paths.Count;
        int accounts = options.Positions + (2 * markets) + 16;
        string quote = options.Paths[0].Quote;
        Apply($"genesis max-accounts={accounts} max-positions={options.Positions + (4 * markets) + 16} max-orders={(markets * 256) + 64}"
            + $" max-assets=4 max-markets={markets} max-work={MaxWorkPerCommand} recent-orders=0", setup.Genesis);
        Apply($"asset {quote} decimals={Decimals}", setup.Asset);
        foreach (PricePath path in options.Paths)
        {
            if (path.Quote != quote)
            {
                throw new RehearsalException($"{path.Market} is quoted in {path.Quote} and {options.Paths[0].Market} in {quote}; expected one quote asset");
            }

            Apply(ListingOf(path, quote), setup.Market);
            MarketName name = session.Names.FindMarket(path.Market)!;
            if (!Says("preset") && !options.Parameters.Any(parameter => parameter.StartsWith("funding", StringComparison.Ordinal)))
            {
                // the index is the mark here: there is no premium that funding could be made of
                Require(_feed.Send(
                    CommandType.SetFundingRules, new SetFundingRules { MarketId = name.Id, Rules = FundingRules.Default with { IsOn = 0 } }));
            }

            if (options.InsuranceQuote > 0)
            {
                Apply($"insurance {path.Market} {options.InsuranceQuote}", setup.Insurance);
            }

            Markets.Add(new RehearsalMarket(path, name));
        }
    }

    private string ListingOf(PricePath path, string quote)
    {
        var words = new List<string> { $"market {path.Market} base={path.Base} quote={quote}" };
        words.AddRange(options.Parameters);
        bool hasPreset = Says("preset");
        if (!Says("tick"))
        {
            words.Add($"tick={One(path.TickDecimals)}");
        }

        if (!Says("lot"))
        {
            words.Add($"lot={One(path.LotDecimals)}");
        }

        if (!hasPreset && !Says("im") && !Says("im-long") && !Says("im-short"))
        {
            words.Add($"im={new Text.ExactNumber(((Rate.Scale - 1) / options.Mix.Highest) + 1, Rate.Scale / 100)}%");
        }

        if (!hasPreset && !Says("max-leverage"))
        {
            words.Add($"max-leverage={options.Mix.Highest}");
        }

        if (!hasPreset && !Says("mm") && !Says("tiers"))
        {
            words.Add(UsualMaintenance);
        }

        if (!hasPreset && !Says("maker-fee") && !Says("taker-fee") && !Says("fee-tiers"))
        {
            words.Add(UsualFees);
        }

        if (!hasPreset && !Says("liquidation-penalty") && !Says("penalty-rate"))
        {
            words.Add(UsualPenalty);
        }

        return string.Join(' ', words);
    }

    private bool Says(string name) => options.Parameters.Any(parameter => parameter.StartsWith(name + "=", StringComparison.Ordinal));

    private static string One(int decimals) => decimals == 0 ? "1" : "0." + new string('0', decimals - 1) + "1";

    /// <summary>One line of a scenario; a refusal is an error of the options.</summary>
    private void Apply(string text, Action<ScenarioLine> verb)
    {
        try
        {
            verb(ScenarioParser.Parse(new StringReader(text))[0]);
        }
        catch (ScenarioError error)
        {
            throw new RehearsalException($"'{text}': {error.Message}");
        }

        if (session.Last.FirstOrDefault(record => record.Name == nameof(Core.Events.Rejected)) is { } rejected)
        {
            throw new RehearsalException($"'{text}' was refused: {string.Join(", ", rejected.Fields.Select(field => $"{field.Key}={field.Value.Text}"))}");
        }
    }

    private int Account(long units)
    {
        Require(_feed.Send(CommandType.CreateAccount, new CreateAccount { OwnerId = _feed.State.Accounts.HighWater + 1 }));
        int account = _feed.State.Accounts.HighWater;
        Require(_feed.Send(CommandType.Deposit, new Deposit { AccountId = account, AssetId = 1, AmountUnits = units }));
        return account;
    }

    /// <summary>All positions of one account: deposits what they need, sets modes and leverages, and trades each with its market's maker.</summary>
    private void Open(int from, int to)
    {
        long deposit = 0;
        for (int i = from; i < to; i++)
        {
            PlannedPosition position = Population.Positions[i];
            RehearsalMarket market = Markets[position.Market];
            MarketParameters parameters = _feed.State.Markets[market.Name.Id].Parameters;
            deposit += DepositFor(in position, market, InitialRate(in position, in parameters), parameters.TakerFeeRate);
        }

        int account = Account(deposit);
        Accounts[Population.Positions[from].Owner] = account;
        for (int i = from; i < to; i++)
        {
            Trade(account, Population.Positions[i]);
        }
    }

    /// <summary>The rate of a position's initial margin: 1 / leverage, and no less than the market's.</summary>
    internal static int InitialRate(in PlannedPosition position, in MarketParameters parameters) => Math.Max(
        position.IsLong ? parameters.InitialMarginLongRate : parameters.InitialMarginShortRate, ((Rate.Scale - 1) / position.Leverage) + 1);

    private void Trade(int account, PlannedPosition position)
    {
        RehearsalMarket market = Markets[position.Market];
        int id = market.Name.Id;
        if (position.IsIsolated)
        {
            Require(_feed.Send(CommandType.SetMarginMode, new SetMarginMode { AccountId = account, MarketId = id, Mode = MarginMode.Isolated }));
        }

        Require(_feed.Send(CommandType.SetLeverage, new SetLeverage { AccountId = account, MarketId = id, Leverage = position.Leverage }));
        var order = new PlaceOrder
        {
            AccountId = market.Maker.Account, MarketId = id, PriceTicks = position.EntryTicks, QuantityLots = position.Lots,
            Side = position.IsLong ? Side.Sell : Side.Buy,
        };
        Require(_feed.Send(CommandType.PlaceOrder, in order));
        order.AccountId = account;
        order.Side = position.IsLong ? Side.Buy : Side.Sell;
        ResultCode code = _feed.Send(CommandType.PlaceOrder, in order);
        if (code != ResultCode.Accepted)
        {
            Refusals[code] = Refusals.GetValueOrDefault(code) + 1;
            market.Refused++;
            Require(_feed.Send(CommandType.CancelOrders, new CancelOrders { AccountId = market.Maker.Account }));
        }
    }

    private static void Require(ResultCode code)
    {
        if (code != ResultCode.Accepted)
        {
            throw new RehearsalException($"a command of the set-up was refused: {code}, {ResultText.Of(code)}");
        }
    }
}
