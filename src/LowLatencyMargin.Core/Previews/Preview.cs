namespace LowLatencyMargin.Core.Previews;

/// <summary>What a command would do to an account; its events are in <see cref="Events.EventBuffer.Previewed"/>.</summary>
public struct Preview
{
    /// <summary>The account that sends the command, 0: none is named.</summary>
    public int Account;

    /// <summary>The market of the position that the figures are of, 0: none.</summary>
    public int Market;

    /// <summary>As it is.</summary>
    public PreviewFigures Before;

    /// <summary>As it would be.</summary>
    public PreviewFigures After;

    /// <summary>Fees of the account's fills.</summary>
    public long FeeUnits;

    /// <summary>Profit that those fills would book.</summary>
    public long RealizedPnlUnits;
}
