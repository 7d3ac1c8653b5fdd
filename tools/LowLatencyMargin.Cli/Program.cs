using LowLatencyMargin.Cli.CommandLine;

return Application.Run(args, Console.Out, Console.Error);
