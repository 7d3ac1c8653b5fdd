using System.Runtime.ExceptionServices;
using LowLatencyMargin.Cli.Scenarios.Views;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Previews;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>A command that was previewed, and what it showed. It can be run again as long as no command has come in between.</summary>
internal sealed class PreviewRun(Exchange exchange, byte[] command, View view)
{
    /// <summary>Figures before and after.</summary>
    internal View View { get; } = view;

    /// <summary>Looks at the state as it would be after the command.</summary>
    internal static ResultCode Look(Exchange exchange, byte[] command, Action<ExchangeState> look)
    {
        // an exception must not pass through the engine while its state is on loan
        ExceptionDispatchInfo? error = null;
        var reader = new Reader(state =>
        {
            try
            {
                look(state);
            }
            catch (ScenarioError refused)
            {
                error = ExceptionDispatchInfo.Capture(refused);
            }
        });
        ResultCode code = exchange.Preview(command, ref reader);
        error?.Throw();
        return code;
    }

    /// <summary>The same for this command.</summary>
    internal void Look(Action<ExchangeState> look) => Look(exchange, command, look);

    private readonly struct Reader(Action<ExchangeState> look) : IPreviewReader
    {
        public void Read(ExchangeState state) => look(state);
    }
}
