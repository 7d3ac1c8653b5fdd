using System.Runtime.InteropServices;

namespace LowLatencyMargin.Latency.Flow.Recorded;

/// <summary>A record run once, step by step, to learn where its trades are.</summary>
internal sealed class FlowRehearsal(FlowBuilder flow, RecordedFlow record, long[] accounts)
{
    /// <summary>Notes the last trade in each step.</summary>
    public void Run(Action<int> afterStep)
    {
        flow.StartFlow(record.Steps.Count);
        var player = new FlowPlayer(flow, record, accounts, MarkPath.Flat, int.MaxValue);
        Span<FlowStep> steps = CollectionsMarshal.AsSpan(record.Steps);
        for (int step = 0; step < steps.Length; step++)
        {
            player.Step(in steps[step]);
            steps[step] = steps[step] with { LastTicks = flow.State.Markets[1].LastTicks };
            afterStep(step);
        }
    }

    /// <summary>How many of the orders in the first steps are refused.</summary>
    public double RefusedShare(int limit)
    {
        flow.StartFlow(limit);
        var player = new FlowPlayer(flow, record, accounts, MarkPath.Flat, int.MaxValue);
        for (int step = 0; step < Math.Min(limit, record.Steps.Count); step++)
        {
            player.Step(record.Steps[step]);
        }

        return (double)flow.Counts.Rejected / Math.Max(1, flow.Counts.GoodTillCancel);
    }
}
