using Spectre.Console;

namespace LowLatencyMargin.Cli.CommandLine;

/// <summary>Says how far long work has come: on a terminal only, so that files and pipes get results alone.</summary>
internal sealed class Progress
{
    private readonly StatusContext? _context;
    private readonly string _what;

    private Progress(StatusContext? context, string what)
    {
        _context = context;
        _what = what;
    }

    internal static void Run(TextWriter errors, string what, Action<Progress> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(errors) });
        if (!console.Profile.Out.IsTerminal || Console.IsErrorRedirected)
        {
            work(new Progress(null, what));
            return;
        }

        console.Status().Start($"0 {what}", context => work(new Progress(context, what)));
    }

    internal void Report(long count)
    {
        if (_context is not null)
        {
            _context.Status = $"{count:N0} {_what}";
        }
    }
}
