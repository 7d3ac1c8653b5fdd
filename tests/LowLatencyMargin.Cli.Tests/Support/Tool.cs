using System.Globalization;
using LowLatencyMargin.Cli.CommandLine;
using LowLatencyMargin.Cli.Scenarios;

namespace LowLatencyMargin.Cli.Tests.Support;

/// <summary>What a run of the program, or of a scenario, printed and returned.</summary>
internal sealed record ToolResult(int Code, string Output, string Errors)
{
    internal string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Runs the program in this process.</summary>
internal static class Tool
{
    internal static ToolResult Run(params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        int code = Application.Run(arguments, output, errors);
        return new ToolResult(code, output.ToString(), errors.ToString());
    }

    internal static ToolResult Scenario(string text, bool json = false, string? journal = null)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        int code = new ScenarioRunner("test.scn", output, errors, json).Run(new StringReader(text), journal);
        return new ToolResult(code, output.ToString(), errors.ToString());
    }
}
