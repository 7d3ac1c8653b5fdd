using System;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Previews;

namespace LowLatencyMargin.Core;

/// <summary>Previews: the real command path on the real state, taken back. See docs/preview.md.</summary>
public sealed partial class Exchange
{
    /// <summary>
    /// What a command would do now, with figures of its account before and after. It takes no sequence and no time, and is not journaled: sequence
    /// and time of its header are not read, no timer fires, and state, chain hash and <see cref="Events"/> are as before.
    /// </summary>
    /// <param name="command">Header and body, as for <see cref="Apply"/>.</param>
    /// <param name="preview">The figures; zeroed where the result says that it did not run.</param>
    /// <returns>The outcome it would have, or why it can't be previewed.</returns>
    public ResultCode Preview(ReadOnlySpan<byte> command, out Preview preview)
    {
        preview = default;
        if (_state is not { } state)
        {
            return ResultCode.GenesisMissing;
        }

        var reader = new PreviewReader(_settlement, _marginCheck, AccountOf(state, command));
        ResultCode code = Preview(command, ref reader);
        reader.Finish(state, out preview);
        return code;
    }

    /// <summary>The same, with the state after the command shown to a reader before it is taken back.</summary>
    public ResultCode Preview<TReader>(ReadOnlySpan<byte> command, ref TReader reader)
        where TReader : struct, IPreviewReader, allows ref struct
    {
        if (_state is not { } state)
        {
            return ResultCode.GenesisMissing;
        }

        if (command.Length < CommandHeader.SizeBytes)
        {
            return ResultCode.MalformedCommand;
        }

        ref readonly CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command);
        if (!IsPreviewable(header.Type))
        {
            return ResultCode.NotPreviewable;
        }

        state.Undo.Begin();
        state.Events.BeginPreview();
        state.WorkLeft = state.Limits.MaxWorkPerCommand;
        ResultCode code = Run(state, command, in header);
        if (state.Undo.IsTooLarge)
        {
            code = ResultCode.PreviewTooLarge;
            state.Events.Begin(0);
        }
        else
        {
            state.Events.End();
            reader.Read(state);
        }

        state.Events.EndPreview();
        state.Undo.Rollback();
        return code;
    }

    /// <summary>
    /// What a client sends, and prices. The operator's commands are not: some make objects, some walk over all rows.
    /// </summary>
    private static bool IsPreviewable(CommandType type) => type is not (
        CommandType.Genesis or CommandType.Tick or CommandType.AddAsset or CommandType.ListMarket or CommandType.SetMarketParameters
        or CommandType.CreateAccount or CommandType.FundInsurance or CommandType.SetMarketState or CommandType.SetRateLimit
        or CommandType.SetTradeGroup or CommandType.SetAssetParameters or CommandType.SetPriceRules
        or CommandType.SettleMarket or CommandType.SetFundingRules or CommandType.ForceFunding or CommandType.SetLossRules
        or CommandType.SetLiquidationRules);

    /// <summary>Every command of a client begins with its account.</summary>
    private static int AccountOf(ExchangeState state, ReadOnlySpan<byte> command)
    {
        if (command.Length < CommandHeader.SizeBytes + sizeof(long))
        {
            return 0;
        }

        ref readonly CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command);
        long account = MemoryMarshal.Read<long>(command[CommandHeader.SizeBytes..]);
        bool isPrice = header.Type is CommandType.SetMarkPrice or CommandType.SetIndexPrice or CommandType.FeedPrice;
        return !isPrice && account > 0 && account <= state.Accounts.HighWater ? (int)account : 0;
    }
}
