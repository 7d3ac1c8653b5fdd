using LowLatencyMargin.Latency.CommandLine;

return Application.Run(args, Console.Out, Console.Error);
