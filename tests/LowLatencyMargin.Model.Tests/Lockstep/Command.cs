using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>One command as bytes, as ring and journal hold it.</summary>
internal sealed class Command
{
    private readonly byte[] _bytes = new byte[1_024];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public ref CommandHeader Header => ref MemoryMarshal.AsRef<CommandHeader>(_bytes.AsSpan());

    public CommandType Type => Header.Type;

    public ref T As<T>()
        where T : unmanaged => ref MemoryMarshal.AsRef<T>(_bytes.AsSpan());

    /// <summary>A zeroed command of a type, ready for its fields.</summary>
    public ref T Begin<T>(CommandType type)
        where T : unmanaged
    {
        _length = Unsafe.SizeOf<T>();
        _bytes.AsSpan().Clear();
        Header.Type = type;
        Header.Version = Core.Exchange.CommandVersion;
        Header.LengthBytes = (uint)_length;
        return ref As<T>();
    }

    public void CutTo(int length) => _length = Math.Min(_length, length);

    public bool Holds<T>()
        where T : unmanaged => _length >= Unsafe.SizeOf<T>();

    public override string ToString()
    {
        object body = Type switch
        {
            CommandType.Genesis => As<Genesis>(),
            CommandType.ListMarket => As<ListMarket>(),
            CommandType.SetMarketParameters => As<SetMarketParameters>(),
            CommandType.CreateAccount => As<CreateAccount>(),
            CommandType.SetMarkPrice => As<SetMarkPrice>(),
            CommandType.FundInsurance => As<FundInsurance>(),
            CommandType.SetLossRules => As<SetLossRules>(),
            CommandType.SetMarketState => As<SetMarketState>(),
            CommandType.SettleMarket => As<SettleMarket>(),
            CommandType.SetFundingRules => As<SetFundingRules>(),
            CommandType.ForceFunding => As<ForceFunding>(),
            CommandType.SetLiquidationRules => As<SetLiquidationRules>(),
            CommandType.RegisterKeeper => As<RegisterKeeper>(),
            CommandType.Liquidate => As<Liquidate>(),
            CommandType.FeedPrice => As<FeedPrice>(),
            CommandType.SetPriceRules => As<SetPriceRules>(),
            CommandType.SetIndexPrice => As<SetIndexPrice>(),
            CommandType.Deposit => As<Deposit>(),
            CommandType.Withdraw => As<Withdraw>(),
            CommandType.AllocateMargin => As<AllocateMargin>(),
            CommandType.RemoveMargin => As<RemoveMargin>(),
            CommandType.SetAssetParameters => As<SetAssetParameters>(),
            CommandType.TransferToMargin => As<TransferToMargin>(),
            CommandType.TransferFromMargin => As<TransferFromMargin>(),
            CommandType.TransferBetweenAccounts => As<TransferBetweenAccounts>(),
            CommandType.SetMarginEnabled => As<SetMarginEnabled>(),
            CommandType.SetPool => As<SetPool>(),
            CommandType.Borrow => As<Borrow>(),
            CommandType.Repay => As<Repay>(),
            CommandType.CloseLoans => As<CloseLoans>(),
            CommandType.Lend => As<Lend>(),
            CommandType.Unlend => As<Unlend>(),
            CommandType.SetMarginMode => As<SetMarginMode>(),
            CommandType.SetLeverage => As<SetLeverage>(),
            CommandType.PlaceOrder => As<PlaceOrder>(),
            CommandType.PlaceOrderWithTerms => As<PlaceOrderWithTerms>(),
            CommandType.SetTraderRules => As<SetTraderRules>(),
            CommandType.ResumeTrading => As<ResumeTrading>(),
            CommandType.SetPositionMode => As<SetPositionMode>(),
            CommandType.ClosePosition => As<ClosePosition>(),
            CommandType.SplitPosition => As<SplitPosition>(),
            CommandType.MergePositions => As<MergePositions>(),
            CommandType.TransferPosition => As<TransferPosition>(),
            CommandType.SetAccountMargin => As<SetAccountMargin>(),
            CommandType.CancelOrder => As<CancelOrder>(),
            CommandType.ModifyOrder => As<ModifyOrder>(),
            _ => Header,
        };
        return $"#{Header.Sequence} {Type} ({_length} bytes){Describe(body)}";
    }

    private static string Describe(object value)
    {
        var text = new StringBuilder();
        foreach (FieldInfo field in value.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            object item = field.GetValue(value)!;
            if (item is CommandHeader)
            {
                continue;
            }

            text.Append(' ').Append(field.Name).Append('=');
            text.Append(item is TraderRules or MarketParameters or PriceRules or FundingRules or LossRules or LiquidationRules or PlaceOrder
                or OrderTerms or AssetParameters
                || item.GetType().Name == "PoolParameters"
                ? "{" + Describe(item) + " }"
                : Convert.ToString(item, CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
