using System.CommandLine;

namespace LowLatencyMargin.Cli.CommandLine;

internal static class ConvertCommand
{
    internal static Command Create(TextWriter output, TextWriter errors) => new("convert", "Converters.");
}
