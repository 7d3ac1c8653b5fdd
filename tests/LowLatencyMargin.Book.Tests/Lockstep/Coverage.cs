namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>All that lockstep runs must have met, by the words of <see cref="Tally"/>.</summary>
internal static class Coverage
{
    /// <summary>Money, margin, positions, set-up and capacity, which these runs keep out of the way.</summary>
    private static readonly ResultCode[] NotHere =
    [
        ResultCode.GenesisMissing, ResultCode.GenesisRepeated, ResultCode.OutOfSequence, ResultCode.UnknownAsset, ResultCode.AssetNotCollateral,
        ResultCode.InvalidAmount, ResultCode.InsufficientBalance, ResultCode.InsufficientMargin, ResultCode.LockedFunds, ResultCode.ActivePosition,
        ResultCode.ActiveOrders, ResultCode.ModeConflict, ResultCode.InvalidLeverage, ResultCode.CapacityExceeded, ResultCode.Overflow,
        ResultCode.TickValueNotWhole, ResultCode.QuoteNotCollateral, ResultCode.InvalidSymbol, ResultCode.UnknownPosition,
        ResultCode.PositionIdMissing, ResultCode.HedgeModeForbids, ResultCode.HedgeModeRequired, ResultCode.PositionsDiffer,
        ResultCode.DifferentOwners, ResultCode.LiquidationActive,
    ];

    /// <summary>
    /// Of liquidations, of hedge positions, of money and rules of accounts, of commands that ran out of work,
    /// and what random batches meet once in millions (Core.Tests, OvertakenByTheFirstTrade).
    /// </summary>
    private static readonly CancelReason[] ReasonsNotHere =
    [
        CancelReason.Liquidation, CancelReason.WorkLimit, CancelReason.PriceOutsideBand, CancelReason.PositionClosed, CancelReason.Unaffordable,
        CancelReason.DrawdownPause, CancelReason.TraderRule,
    ];

    /// <summary>What comes after these belongs to accounts, money and rules of traders.</summary>
    private static bool IsOfOrders(ResultCode code) => code is <= ResultCode.StateUnchanged or (>= ResultCode.CapacityExceeded and <= ResultCode.InvalidSymbol);

    public static IEnumerable<string> Expected =>
    [
        .. Enum.GetValues<EventType>().Where(Told.IsForetold).Select(type => "event " + type),
        .. Enum.GetValues<ResultCode>().Where(IsOfOrders).Except(NotHere).Select(code => "code " + code),
        .. Enum.GetValues<CancelReason>().Except(ReasonsNotHere).Select(reason => "reason " + reason),
        .. Enum.GetValues<CommandType>()
            .Where(type => type is (>= CommandType.PlaceOrder and <= CommandType.SetTradeGroup)
                or CommandType.Tick or CommandType.SetMarkPrice or CommandType.SetIndexPrice)
            .Select(type => "command " + type),
    ];
}
