using System.Numerics;
using LowLatencyMargin.Core;

namespace LowLatencyMargin.Pipeline.Previews;

/// <summary>
/// Previews of a running exchange: one thread asks, the core thread answers between commands. They take no slot of the command ring, no
/// sequence, and are not journaled; a queue that is full says so, and the gateway answers Busy.
/// </summary>
public sealed class PreviewQueue
{
    /// <summary>Answered in a row before the next commands have their turn.</summary>
    private const int MaxInARow = 4;

    private readonly Exchange _exchange;
    private readonly PreviewRequest[] _requests;
    private long _asked;
    private long _answered;

    /// <summary>A queue in front of an exchange.</summary>
    /// <param name="exchange">The exchange that the core thread runs.</param>
    /// <param name="capacity">Requests that can wait, rounded up to a power of two.</param>
    public PreviewQueue(Exchange exchange, int capacity = 256)
    {
        _exchange = exchange;
        _requests = new PreviewRequest[BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, capacity))];
    }

    /// <summary>Puts a request in line; false: the queue is full. The request belongs to the core until it is answered.</summary>
    public bool TryAsk(PreviewRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_asked - Volatile.Read(ref _answered) == _requests.Length)
        {
            return false;
        }

        request.Ask();
        _requests[_asked & (_requests.Length - 1)] = request;
        Volatile.Write(ref _asked, _asked + 1);
        return true;
    }

    /// <summary>Answers some: called by the core thread between commands. False when none waited.</summary>
    internal bool Serve()
    {
        long end = Math.Min(Volatile.Read(ref _asked), _answered + MaxInARow);
        if (_answered == end)
        {
            return false;
        }

        while (_answered < end)
        {
            _requests[_answered & (_requests.Length - 1)].Answer(_exchange);
            Volatile.Write(ref _answered, _answered + 1);
        }

        return true;
    }
}
