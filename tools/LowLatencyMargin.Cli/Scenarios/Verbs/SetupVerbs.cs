using LowLatencyMargin.Cli.Scenarios.Parameters;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>What the operator sets up.</summary>
internal sealed class SetupVerbs(ScenarioSession session)
{
    internal const string LiquidationPrefix = "liquidation.";

    internal void Genesis(ScenarioLine line)
    {
        line.EndWords(0);
        Genesis genesis = session.DefaultGenesis;
        genesis.MaxAccounts = Limit(line, "max-accounts", genesis.MaxAccounts, 1 << 26);
        genesis.MaxOrders = Limit(line, "max-orders", genesis.MaxOrders, (1 << 24) - 32);
        genesis.MaxPositions = Limit(line, "max-positions", genesis.MaxPositions, 1 << 26);
        genesis.MaxAssets = Limit(line, "max-assets", genesis.MaxAssets, 1024);
        genesis.MaxMarkets = Limit(line, "max-markets", genesis.MaxMarkets, 65_536);
        genesis.MaxWorkPerCommand = Limit(line, "max-work", genesis.MaxWorkPerCommand, 65_536, least: 16);
        genesis.RecentOrders = Limit(line, "recent-orders", genesis.RecentOrders, 1 << 20, least: 0);
        line.EndOptions();
        session.SetGenesis(line, genesis);
    }

    internal void Asset(ScenarioLine line)
    {
        string name = line.Word(0, "a name");
        line.EndWords(1);
        session.Names.RequireNew(line, "asset", name);
        long decimals = HumanUnits.Whole(line, line.Require("decimals", "6"), "decimals");
        bool isCollateral = session.Names.Collateral is null;
        var counts = new AssetParameters { LiabilityWeight = Core.Numerics.Rate.Scale };
        if (isCollateral || line.Option("price") == "1")
        {
            counts.OpeningWeight = counts.FillingWeight = counts.MaintenanceWeight = Core.Numerics.Rate.Scale;
        }

        AssetName collateral = session.Names.Collateral ?? new AssetName(1, name, (int)Math.Clamp(decimals, 0, 18));
        bool configured = AssetWords.Read(line, collateral, ref counts) != 0;
        line.EndOptions();
        var command = new AddAsset { Symbol = SymbolOf(line, name), Decimals = (int)Math.Clamp(decimals, -1, 1000) };
        session.BeginCommand(line);
        session.Send(line, CommandType.AddAsset, command, slot =>
        {
            if (slot.Header.Type == EventType.AssetAdded)
            {
                session.Names.Add(new AssetName((int)EventSlot.As<AssetAdded>(in slot).AssetId, name, (int)decimals));
            }
            else
            {
                session.Names.Refuse("asset", name);
            }
        });
        if (configured && session.Names.FindAsset(name) is { } added)
        {
            session.Send(line, CommandType.SetAssetParameters, new SetAssetParameters { AssetId = added.Id, Parameters = counts });
        }
    }

    /// <summary>Price and weights of an asset that is there.</summary>
    private void SetAsset(ScenarioLine line, AssetName asset)
    {
        var command = new SetAssetParameters { AssetId = asset.Id, Parameters = session.State(line).Assets[asset.Id].Parameters };
        if (AssetWords.Read(line, session.Names.Collateral!, ref command.Parameters) == 0)
        {
            throw line.Error("'set' without a parameter", Grammar.Of("set"));
        }

        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.SetAssetParameters, command);
    }

    internal void Market(ScenarioLine line)
    {
        string name = line.Word(0, "a name");
        line.EndWords(1);
        session.Names.RequireNew(line, "market", name);
        MarketKind kind = line.Option("kind") is not { } text ? MarketKind.Perpetual
            : WordStyle.Find<MarketKind>(text) ?? throw line.Error($"kind={text} is not understood", "kind=perpetual, spot or spot-margin");
        string baseName = line.Require("base", "BTC");
        AssetName quote = session.Names.Asset(line, line.Require("quote", "USDC"));
        long tick = HumanUnits.Size(line, line.Require("tick", "0.5"), "tick");
        long lot = HumanUnits.Size(line, line.Require("lot", "0.001"), "lot");
        MarketParameters parameters = MarketParameters.Default;
        int ladder = Limit(line, "ladder", PriceLadder.MinWindowTicks, 1 << 20);
        int maxPositions = Limit(line, "max-positions", 0, 1 << 26, least: 0);
        var market = new MarketName(0, name, quote, tick, lot, 0) { Base = session.Names.FindAsset(baseName), Collateral = session.Names.Collateral! };
        Action<MarketName>[] rules = ReadRules(line, market, isPerpetual: kind == MarketKind.Perpetual);
        FeeParameter.SetDefault(line, session.Names.Collateral!, ref parameters);
        _ = RiskParameters.Read(line, market, ref parameters);
        var command = new ListMarket
        {
            Symbol = SymbolOf(line, name),
            BaseSymbol = SymbolOf(line, baseName),
            QuoteAssetId = quote.Id,
            BaseAssetId = kind == MarketKind.Perpetual ? 0 : session.Names.Asset(line, baseName).Id,
            Kind = kind,
            TickSizeE9 = tick,
            LotSizeE9 = lot,
            LadderTicks = ladder,
            MaxPositions = maxPositions,
            Parameters = parameters,
        };
        session.BeginCommand(line);
        session.Send(line, CommandType.ListMarket, command, slot => Learn(slot, market));
        if (session.Names.FindMarket(name) is { } listed)
        {
            Array.ForEach(rules, send => send(listed));
        }
    }

    internal void Set(ScenarioLine line)
    {
        bool ofAccount = ShowVerbs.IsOfAccount(line);
        string name = line.Word(ofAccount ? 1 : 0, "a market, an asset or an account");
        if (ofAccount || (session.Names.FindMarket(name) is null && session.Names.FindAsset(name) is null && session.Names.Find(name) is not null))
        {
            line.EndWords(ofAccount ? 2 : 1);
            SetAccount(line, session.Names.Account(line, name));
            return;
        }

        if (session.Names.FindMarket(name) is null && session.Names.FindAsset(name) is { } asset)
        {
            line.EndWords(1);
            SetAsset(line, asset);
            return;
        }

        MarketName market = session.Names.Market(line, line.Word(0, "a market"));
        line.EndWords(1);
        var command = new SetMarketParameters { MarketId = market.Id, Parameters = session.State(line).Markets[market.Id].Parameters };
        Action<MarketName>[] rules = ReadRules(line, market, isPerpetual: true);
        bool changed = RiskParameters.Read(line, market, ref command.Parameters) != 0;
        if (line.Options.Count == 0)
        {
            throw line.Error("'set' without a parameter", Grammar.Of("set"));
        }

        session.BeginCommand(line);
        if (changed || rules.Length == 0)
        {
            session.Send(line, CommandType.SetMarketParameters, command);
        }

        Array.ForEach(rules, send => send(market));
    }

    /// <summary>What a line says of the rules that have commands of their own, as what sends them.</summary>
    private Action<MarketName>[] ReadRules(ScenarioLine line, MarketName market, bool isPerpetual) =>
    [
        .. from set in RuleSet.All
           let send = set.Read(line, session, market)
           where send is not null && (isPerpetual || set != FundingParameters.Set)
           select send,
    ];

    /// <summary>Changes what the line names of an account, each thing by the command that is for it; the rest stays as it is.</summary>
    private void SetAccount(ScenarioLine line, AccountName account)
    {
        Core.ExchangeState state = session.State(line);
        int was = state.AccountControls[account.Id].PortfolioLeverage;
        SetAccountMargin margin = AccountParameters.Read(line, new SetAccountMargin { AccountId = account.Id, PortfolioLeverage = was });
        bool? hasMargin = line.Option("margin") is { } text ? HumanUnits.IsOn(line, "margin", text) : null;
        PositionMode? positions = line.Option("positions") is { } mode ? PositionVerbs.ModeOf(line, mode) : null;
        TraderRules rules = state.AccountRules[state.Accounts[account.Id].Rules].Rules;
        bool ruled = TraderParameter.Read(line, ref rules) != 0;
        line.EndOptions();
        if (line.Options.Count == 0)
        {
            throw line.Error("'set' without a parameter", Grammar.Of("set"));
        }

        session.BeginCommand(line);
        if (hasMargin is { } on)
        {
            session.Send(line, CommandType.SetMarginEnabled, new SetMarginEnabled { AccountId = account.Id, Enabled = on ? 1 : 0 });
        }

        if (margin.PortfolioLeverage != was || line.Options.ContainsKey(AccountParameters.PortfolioLeverage))
        {
            session.Send(line, CommandType.SetAccountMargin, margin);
        }

        if (positions is { } wanted)
        {
            session.Send(line, CommandType.SetPositionMode, new SetPositionMode { AccountId = account.Id, Mode = wanted });
        }

        if (ruled)
        {
            session.Send(line, CommandType.SetTraderRules, new SetTraderRules { AccountId = account.Id, Rules = rules });
        }
    }

    internal void Account(ScenarioLine line)
    {
        string name = line.Word(0, "a name");
        line.EndWords(1);
        session.Names.RequireNew(line, "account", name);
        if (name.StartsWith(LiquidationPrefix, StringComparison.Ordinal))
        {
            throw line.Error($"'{name}' is the name of a market's own account", $"a name that does not begin with '{LiquidationPrefix}'");
        }

        string owner = line.Option("owner") ?? name;
        bool hasMargin = line.Option("margin") is not { } word || HumanUnits.IsOn(line, "margin", word);
        SetAccountMargin margin = AccountParameters.Read(line, default);
        PositionMode positions = PositionVerbs.ModeOf(line, line.Option("positions") ?? "one-way");
        TraderRules rules = default;
        bool ruled = TraderParameter.Read(line, ref rules) != 0;
        line.EndOptions();
        session.BeginCommand(line);
        var command = new CreateAccount { OwnerId = session.Names.Owner(owner) };
        session.Send(line, CommandType.CreateAccount, command, slot =>
        {
            if (slot.Header.Type == EventType.AccountCreated)
            {
                session.Names.Add(new AccountName((int)EventSlot.As<AccountCreated>(in slot).AccountId, name, owner));
            }
            else
            {
                session.Names.Refuse("account", name);
            }
        });
        if (!hasMargin && session.Names.Find(name) is { } saver)
        {
            session.Send(line, CommandType.SetMarginEnabled, new SetMarginEnabled { AccountId = saver.Id });
        }

        if (margin.PortfolioLeverage != 0 && session.Names.Find(name) is { } account)
        {
            margin.AccountId = account.Id;
            session.Send(line, CommandType.SetAccountMargin, margin);
        }

        if (positions == PositionMode.Hedge && session.Names.Find(name) is { } hedger)
        {
            session.Send(line, CommandType.SetPositionMode, new SetPositionMode { AccountId = hedger.Id, Mode = positions });
        }

        if (ruled && session.Names.Find(name) is { } trader)
        {
            session.Send(line, CommandType.SetTraderRules, new SetTraderRules { AccountId = trader.Id, Rules = rules });
        }
    }

    internal void Insurance(ScenarioLine line)
    {
        bool isGlobal = line.Word(0, "a market or global") == ShowVerbs.Global && session.Names.FindMarket(ShowVerbs.Global) is null;
        MarketName? market = isGlobal ? null : session.Names.Market(line, line.Word(0, "a market or global"));
        AssetName asset = market?.Quote ?? session.Names.Collateral ?? throw line.Error("there is no asset yet", "asset USDC decimals=6");
        string amount = line.Word(1, "an amount");
        line.EndWords(2);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.FundInsurance, new FundInsurance
        {
            MarketId = market?.Id ?? 0,
            AmountUnits = HumanUnits.Money(line, amount, asset),
        });
    }

    private static int Limit(ScenarioLine line, string key, int otherwise, int most, int least = 1)
    {
        if (line.Option(key) is not { } text)
        {
            return otherwise;
        }

        long value = HumanUnits.Whole(line, text, key);
        return value >= least && value <= most ? (int)value : throw line.Error($"{key}={text} is out of range", $"{least} to {most}");
    }

    private static Symbol SymbolOf(ScenarioLine line, string name) => Symbol.TryParse(name, out Symbol symbol)
        ? symbol
        : throw line.Error($"'{name}' is not the name of an asset or market", $"{ScenarioParser.NameRule}, {Symbol.LengthBytes} at most");

    private void Learn(EventSlot slot, MarketName market)
    {
        if (slot.Header.Type != EventType.MarketListed)
        {
            session.Names.Refuse("market", market.Name);
            return;
        }

        ref readonly MarketListed listed = ref EventSlot.As<MarketListed>(in slot);
        session.Names.Add(market with { Id = (int)slot.Header.MarketId, TickValueUnits = listed.TickValueUnits });
        session.Names.Add(new AccountName((int)listed.LiquidationAccountId, LiquidationPrefix + market.Name, string.Empty));
    }
}
