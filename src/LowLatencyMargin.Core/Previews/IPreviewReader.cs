namespace LowLatencyMargin.Core.Previews;

/// <summary>Looks at the exchange as it would be after a command; it must change nothing. A struct type, so that nothing here is virtual.</summary>
public interface IPreviewReader
{
    /// <summary>Called once, when the command has run and before it is taken back.</summary>
    /// <param name="state">The state after the command.</param>
    void Read(ExchangeState state);
}
