using System.Globalization;
using LowLatencyMargin.Journal;

namespace LowLatencyMargin.KillTarget;

/// <summary>DIRECTORY MODE RUN PER_SECOND THREADS.</summary>
internal sealed record Arguments(string Directory, DurabilityMode Mode, long Run, double PerSecond, int Threads)
{
    public const string Usage = "usage: DIRECTORY buffered|synced RUN COMMANDS_PER_SECOND 1|2|4";

    public static Arguments? Parse(string[] args)
    {
        if (args.Length != 5 || !Enum.TryParse(args[1], ignoreCase: true, out DurabilityMode mode)
            || !long.TryParse(args[2], CultureInfo.InvariantCulture, out long run)
            || !double.TryParse(args[3], CultureInfo.InvariantCulture, out double perSecond)
            || !int.TryParse(args[4], CultureInfo.InvariantCulture, out int threads))
        {
            return null;
        }

        return new Arguments(args[0], mode, run, perSecond, threads);
    }

    public string[] ToArray() =>
    [
        Directory,
        Mode.ToString().ToLowerInvariant(),
        Run.ToString(CultureInfo.InvariantCulture),
        PerSecond.ToString(CultureInfo.InvariantCulture),
        Threads.ToString(CultureInfo.InvariantCulture),
    ];
}
