using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Latency.Flow;
using LowLatencyMargin.Latency.Runs;

int resting = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 1000;
int count = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 3_000_000;
using var setup = new CommandStream(10_000);
using var stream = new CommandStream(count);
using var flow = new FlowBuilder(1);
flow.Stream = setup;
ExchangeSetup.Genesis(flow, 100_000, Math.Max(100_000, resting * 2), 100_000, 1024);
ExchangeSetup.Market(flow, "BTC-PERP", MarketParameters.Default, ExchangeCoreMix.StartPrice);
long first = 0;
for (int i = 0; i < 1000; i++)
{
    long id = ExchangeSetup.Account(flow, 40_000_000_000);
    first = i == 0 ? id : first;
}

var mix = new ExchangeCoreMix(flow, 7, resting, first, 1000);
mix.Fill();
flow.Stream = stream;
mix.Run(count);
Console.WriteLine($"rejected {flow.Rejected} trades {flow.Exchange.State!.LastTradeId} liquidations {flow.Exchange.State.LastLiquidationId} resting {flow.Exchange.State.RestingOrders} MB {flow.Exchange.State.Bytes >> 20} imbalance {LowLatencyMargin.Core.Conservation.Imbalance(flow.Exchange.State)} positions {flow.Exchange.State.Positions.Count}");
CoreRun.Result result = CoreRun.Run(setup, stream, args.Length > 2 ? int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture) : 7);
Console.WriteLine(string.Join(" ", result.NsPerCommand.Select(x => x.ToString("F1", null))) + $" ns; allocated {result.AllocatedBytes} B, {result.Collections} collections");
return 0;
