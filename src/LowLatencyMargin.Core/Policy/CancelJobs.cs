using System;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Policy;

/// <summary>Mass cancels that did not fit into one command's work: the one that came first goes on first.</summary>
public sealed class CancelJobs : Rewindable, IDisposable
{
    /// <summary>Jobs for one account in one market that can wait at once.</summary>
    public const int MaxRequests = 1024;

    private TrackedRows<CancelJob> _jobs;
    private Tracked<Line> _head;

    /// <summary>Room for one job per account and market, and for those of an account in a market.</summary>
    [ColdPath]
    public CancelJobs(int accountsAndMarkets, UndoLog undo)
        : base(undo) => _jobs = new TrackedRows<CancelJob>(accountsAndMarkets + MaxRequests, undo);

    /// <summary>Those of them that are for one account in one market.</summary>
    public int Requests => _head.Now.Requests;

    /// <summary>Jobs that wait.</summary>
    public int Count => _head.Now.Count;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _jobs.Bytes;

    /// <summary>The job that goes on next.</summary>
    public CancelJob First => _jobs[_head.Now.First];

    /// <summary>Adds a job.</summary>
    public void Add(in CancelJob job)
    {
        Invariant.Assert(Count < _jobs.Length, "room for the job was checked before");
        ref Line line = ref _head.Now;
        line.Requests += IsRequest(in job) ? 1 : 0;
        _jobs.Edit((line.First + line.Count++) % _jobs.Length) = job;
    }

    /// <summary>The first job is done.</summary>
    public void EndFirst()
    {
        ref Line line = ref _head.Now;
        line.Requests -= IsRequest(in _jobs[line.First]) ? 1 : 0;
        _jobs.Edit(line.First) = default;
        line.First = (line.First + 1) % _jobs.Length;
        line.Count--;
    }

    /// <summary>Adds the jobs.</summary>
    public void AddTo(ref Hash128 hash)
    {
        for (int i = 0; i < Count; i++)
        {
            hash.Add(_jobs.AsBytes((_head.Now.First + i) % _jobs.Length, 1));
        }
    }

    private static bool IsRequest(in CancelJob job) => job.Account != 0 && job.Market != 0;

    /// <inheritdoc/>
    public void Dispose() => _jobs.Dispose();

    internal override void Keep()
    {
        _head.Keep();
        _jobs.Close();
    }

    internal override void Rewind()
    {
        _head.Rewind();
        _jobs.Open();
    }

    private struct Line
    {
        public int First;
        public int Count;
        public int Requests;
    }
}

/// <summary>A mass cancel.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CancelJob
{
    /// <summary>In <see cref="SpareStops"/>: resting reduce-only orders stay as well.</summary>
    public const byte SpareReduceOnly = 3;

    /// <summary>Account; 0: all of the market.</summary>
    public int Account;

    /// <summary>Market; 0: all of the account.</summary>
    public int Market;

    /// <summary>Which side.</summary>
    public SideFilter Sides;

    /// <summary>1: waiting reduce-only orders stay.</summary>
    public byte SpareStops;

    /// <summary>Why.</summary>
    public CancelReason Reason;

    /// <summary>Zero.</summary>
    public byte Reserved;

    /// <summary>Zero.</summary>
    public int Reserved2;
}
