using System.Runtime.CompilerServices;
using LowLatencyMargin.Journal.Format;
using LowLatencyMargin.Journal.Storage;
using LowLatencyMargin.Journal.Writing;

namespace LowLatencyMargin.Journal;

/// <summary>
/// Appends commands. One thread calls <see cref="TryAppend"/>, <see cref="AppendCheckpoint"/>, <see cref="Flush"/> and Dispose; any thread
/// reads <see cref="DurableSequence"/> and <see cref="Fault"/>.
/// </summary>
public sealed unsafe class JournalWriter : IDisposable
{
    private readonly JournalOptions _options;
    private readonly JournalLock _lock;
    private readonly SegmentFactory _factory;
    private readonly SpareSegments _spares;
    private readonly FlushThread _flusher;
    private readonly FlushJob _job = new();
    private readonly List<JournalFile> _sealed = new(8);
    private readonly NativeBuffer[] _buffers = new NativeBuffer[2];
    private readonly BatchEncoder _encoder;
    private readonly bool _isSynced;

    // the batch being encoded: which buffer, which segment, where in it
    private int _bufferIndex;
    private JournalFile _active;
    private long _segmentNumber;
    private long _segmentFirstSequence;
    private long _segmentBytes;
    private long _positionBytes;
    private long _epoch;
    private bool _needsSegment;
    private uint _sealChecksum;

    // what is on stable storage, as far as the appender has learned
    private long _syncedSequence;
    private long _syncedSegment;
    private long _syncedOffsetBytes;
    private bool _isCollected = true;
    private long _claimedSequence;
    private long _idleSince;
    private long _lastSyncAt;

    // written by the flush thread, read by all
    private long _durableSequence;
    private JournalFault? _fault;
    private bool _isDisposed;

    private JournalWriter(JournalOptions options, JournalLock held)
    {
        _options = options;
        _lock = held;
        _isSynced = options.Mode == DurabilityMode.Synced;
        _factory = new SegmentFactory(options);
        RecoveredJournal journal = JournalRecovery.Run(options, _factory);
        Recovery = journal.Report!;
        _active = journal.File;
        _positionBytes = journal.PositionBytes;
        _segmentBytes = journal.SegmentBytes;
        _segmentFirstSequence = journal.SegmentFirstSequence;
        _epoch = journal.Epoch;
        _syncedSequence = _claimedSequence = _durableSequence = journal.Sequence;
        _syncedOffsetBytes = journal.PositionBytes;
        _lastSyncAt = options.TimeProvider.GetTimestamp();
        _encoder = new BatchEncoder(journal.Checksum, journal.Sequence, journal.TimeNs);
        _buffers[0] = new NativeBuffer(options.BatchBytes);
        _buffers[1] = new NativeBuffer(_isSynced ? options.BatchBytes : 4096);
        _flusher = new FlushThread(RunJob, options.UseThreads);
        _spares = new SpareSegments(_factory, options.SegmentBytes, options.UseThreads, Fail);
        BeginBatch();
    }

    /// <summary>What opening found and did.</summary>
    public RecoveryReport Recovery { get; }

    /// <summary>The last command that is durable as the mode defines it. Any thread.</summary>
    public long DurableSequence => Volatile.Read(ref _durableSequence);

    /// <summary>The last command appended.</summary>
    public long AppendedSequence => _encoder.Sequence;

    /// <summary>Why the writer stopped for good; null while it works. Any thread.</summary>
    public JournalFault? Fault => Volatile.Read(ref _fault);

    /// <summary>The disk has no room for the next segment: the host should stop admitting orders; cancels still fit. Any thread.</summary>
    public bool IsSpaceLow => _spares.IsSpaceLow;

    /// <summary>Checkpoints that newer ones overtook before they could be written.</summary>
    public long DroppedCheckpoints => _encoder.DroppedCheckpoints;

    /// <summary>Locks and recovers a journal directory and opens it for appending.</summary>
    public static JournalWriter Open(JournalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        JournalLock held = JournalLock.Acquire(options.Storage, options.Directory);
        try
        {
            return new JournalWriter(options, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Appends a command as it stands in the ring, checksums zero. False when there is no room until the disk has caught up, or after a
    /// fault: nothing was taken. Throws when the command does not follow the last one, which is a bug of the caller.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAppend(ReadOnlySpan<byte> record) => _fault is null && (_encoder.TryAdd(record) || TryAppendSlow(record));

    /// <summary>Appends the core's chain hash after a command. Nobody waits for it: it goes out with the next batch.</summary>
    public void AppendCheckpoint(long sequence, ulong hashLow, ulong hashHigh) =>
        _encoder.AddCheckpoint(new CheckpointBody { Sequence = sequence, HashLow = hashLow, HashHigh = hashHigh });

    /// <summary>
    /// Ends the batch. Buffered: writes it, and it is durable. Synced: hands it to the flush thread; false when that is still busy with the
    /// batch before, so that the batch grows until the next call. Called on each poll, with or without new commands.
    /// </summary>
    public bool Flush()
    {
        if (_fault is not null)
            return false;
        Collect();
        if (_encoder.IsEmpty)
        {
            PollIdle();
            return _fault is null;
        }

        _idleSince = 0;
        return TryEndBatch(seal: false);
    }

    /// <summary>Flushes everything, marks the journal as closed and lets go of it. After a fault only lets go.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (_fault is null)
            Drain();
        _flusher.Dispose();
        if (_fault is null)
            Close();
        _spares.Dispose();
        _active.Dispose();
        foreach (JournalFile file in _sealed)
            file.Dispose();
        foreach (JournalFile file in _job.Sealed)
            file.Dispose();
        foreach (NativeBuffer buffer in _buffers)
            buffer.Dispose();
        _lock.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryAppendSlow(ReadOnlySpan<byte> record)
    {
        bool isSegmentFull = _positionBytes + _encoder.LengthBytes + record.Length + BatchEncoder.TailBytes > _segmentBytes;
        return TryEndBatch(isSegmentFull) && _encoder.TryAdd(record);
    }

    private void BeginBatch() => _encoder.Begin(_buffers[_bufferIndex], _segmentBytes - _positionBytes);

    /// <summary>Learns what the flush thread has done since.</summary>
    private void Collect()
    {
        if (_isCollected || _flusher.IsBusy || _fault is not null)
            return;
        _isCollected = true;
        _syncedSequence = _job.Sequence;
        _syncedSegment = _job.SegmentNumber;
        _syncedOffsetBytes = _job.OffsetBytes;
        if (!_isSynced || _sealed.Count == 0)
            return;
        foreach (JournalFile file in _sealed)
            file.Dispose();
        _sealed.Clear();
    }

    private bool TryEndBatch(bool seal)
    {
        if (_isSynced && _flusher.IsBusy)
            return false;
        Collect();
        if (_needsSegment && !TryBeginSegment())
            return false;
        bool syncsBehind = IsSyncBehindDue();
        // what is synced ends on a sector, so that no later write touches a sector that a claim covers
        int sectorBytes = _isSynced || syncsBehind ? _options.SectorBytes : 8;
        long claim = _syncedSegment == _segmentNumber ? _syncedOffsetBytes : 0;
        bool seals = _encoder.End(_syncedSequence, claim, _epoch, _positionBytes, _segmentBytes, sectorBytes, seal);
        _claimedSequence = _syncedSequence;
        if (_isSynced)
            HandOver(seals);
        else if (TryWriteThrough(seals) && syncsBehind && !seals)
            SubmitSync();
        return _fault is null;
    }

    private void HandOver(bool seals)
    {
        _job.Batch = _encoder.Buffer;
        _job.BatchBytes = _encoder.LengthBytes;
        _job.BatchOffsetBytes = _positionBytes;
        _job.Active = _active;
        _job.Sequence = _encoder.Sequence;
        Advance(seals);
        _job.SegmentNumber = _segmentNumber;
        _job.OffsetBytes = _positionBytes;
        _bufferIndex ^= 1;
        BeginBatch();
        _isCollected = false;
        _flusher.Submit();
    }

    private bool TryWriteThrough(bool seals)
    {
        try
        {
            _active.WriteAt(new ReadOnlySpan<byte>(_encoder.Buffer, _encoder.LengthBytes), _positionBytes);
        }
        catch (JournalIoException failed)
        {
            Fail(failed);
            return false;
        }

        Volatile.Write(ref _durableSequence, _encoder.Sequence);
        Advance(seals);
        BeginBatch();
        return true;
    }

    /// <summary>Moves the place of the next batch behind this one, or to the next segment.</summary>
    private void Advance(bool seals)
    {
        _positionBytes += _encoder.LengthBytes;
        if (!seals)
            return;
        _sealed.Add(_active);
        _sealChecksum = _encoder.Checksum;
        _needsSegment = true;
        // a segment without a command would share its name with the next
        if (_segmentFirstSequence == _encoder.Sequence + 1)
            _epoch++;
        _segmentFirstSequence = _encoder.Sequence + 1;
        _segmentNumber++;
        _segmentBytes = _options.SegmentBytes;
        _positionBytes = JournalFormat.SegmentHeaderBytes;
    }

    /// <summary>
    /// Takes the spare as the next segment. Synced: its header, its first batch and its name are made durable together by the job that
    /// writes the batch. Buffered: the syncs are left to the next sync behind.
    /// </summary>
    private bool TryBeginSegment()
    {
        JournalFile? spare = _spares.TryTake();
        if (spare is null)
            return false;
        SegmentHeader header = _factory.Header(_epoch, _segmentFirstSequence, _segmentBytes, _sealChecksum, _syncedSequence);
        _active = spare;
        _needsSegment = false;
        if (_isSynced)
        {
            _job.Begins = true;
            _job.Header = header;
            return true;
        }

        try
        {
            SegmentFactory.WriteHeader(spare, header);
            _factory.Name(spare, header);
            return true;
        }
        catch (JournalIoException failed)
        {
            Fail(failed);
            return false;
        }
    }

    /// <summary>Buffered: whether the last sync behind the acknowledgements is long enough ago.</summary>
    private bool IsSyncBehindDue()
    {
        if (_isSynced || _flusher.IsBusy)
            return false;
        long now = _options.TimeProvider.GetTimestamp();
        if (_options.TimeProvider.GetElapsedTime(_lastSyncAt, now).TotalMilliseconds < _options.BackgroundSyncMs)
            return false;
        _lastSyncAt = now;
        return true;
    }

    private void SubmitSync()
    {
        _job.BatchBytes = 0;
        _job.Active = _active;
        _job.Sealed.AddRange(_sealed);
        _sealed.Clear();
        _job.Sequence = _durableSequence;
        _job.SegmentNumber = _segmentNumber;
        _job.OffsetBytes = _positionBytes;
        _isCollected = false;
        _flusher.Submit();
    }

    /// <summary>When nothing comes for a while, a commit record vouches for the last batch.</summary>
    private void PollIdle()
    {
        if (_claimedSequence == _encoder.Sequence || _flusher.IsBusy)
            return;
        long now = _options.TimeProvider.GetTimestamp();
        if (_idleSince == 0)
            _idleSince = now;
        // synced: the commit; buffered: first a commit with a sync behind it, then, when that is through, the commit that says so
        int waitMs = _syncedSequence == _encoder.Sequence ? _options.IdleCommitMs : Math.Max(_options.IdleCommitMs, _options.BackgroundSyncMs);
        if (_options.TimeProvider.GetElapsedTime(_idleSince, now).TotalMilliseconds >= waitMs)
            TryEndBatch(seal: false);
    }

    /// <summary>The flush thread's work.</summary>
    private void RunJob()
    {
        try
        {
            if (_fault is not null)
                return;
            if (_isSynced)
                WriteAndSync();
            else
                SyncBehind();
        }
        catch (JournalIoException failed)
        {
            Fail(failed);
        }
    }

    private void WriteAndSync()
    {
        JournalFile active = _job.Active!;
        if (_job.Begins)
            SegmentFactory.WriteHeader(active, _job.Header);
        active.WriteAt(new ReadOnlySpan<byte>(_job.Batch, _job.BatchBytes), _job.BatchOffsetBytes);
        active.SyncData();
        if (_job.Begins)
        {
            _factory.Name(active, _job.Header);
            JournalFile.SyncDirectory(_options.Storage, _options.Directory);
            _job.Begins = false;
        }

        Volatile.Write(ref _durableSequence, _job.Sequence);
    }

    private void SyncBehind()
    {
        foreach (JournalFile file in _job.Sealed)
        {
            file.SyncData();
            file.Dispose();
        }

        bool hasNewNames = _job.Sealed.Count > 0;
        _job.Sealed.Clear();
        _job.Active!.SyncData();
        if (hasNewNames)
            JournalFile.SyncDirectory(_options.Storage, _options.Directory);
    }

    private void Drain()
    {
        var wait = default(SpinWait);
        while (_fault is null)
        {
            Collect();
            if (_encoder.IsEmpty && !_flusher.IsBusy)
                return;
            if (!_encoder.IsEmpty && !TryEndBatch(seal: false) && _needsSegment && _spares.IsSpaceLow)
                Fail("no space for the next segment: commands that were appended but not durable are lost", null);
            wait.SpinOnce();
        }
    }

    /// <summary>
    /// The segment end, synced; then, as the proof that the sync succeeded, the file is cut behind it. The flush thread is gone by now.
    /// </summary>
    private void Close()
    {
        try
        {
            foreach (JournalFile file in _sealed)
                file.SyncData();
            if (!_needsSegment)
            {
                _active.SyncData();
                _encoder.End(_encoder.Sequence, _positionBytes, _epoch, _positionBytes, _segmentBytes, sectorBytes: 8, seal: true);
                _active.WriteAt(new ReadOnlySpan<byte>(_encoder.Buffer, _encoder.LengthBytes), _positionBytes);
                _active.SyncData();
                _active.Truncate(_positionBytes + _encoder.LengthBytes);
                _active.Sync();
            }

            JournalFile.SyncDirectory(_options.Storage, _options.Directory);
        }
        catch (JournalIoException failed)
        {
            Fail(failed);
        }
    }

    private void Fail(JournalIoException cause) => Fail(cause.Message, cause);

    /// <summary>
    /// Stops for good. A failed sync is never tried again: the kernel marks the pages clean, so that a second sync would succeed without
    /// the data.
    /// </summary>
    private void Fail(string message, JournalIoException? cause)
    {
        var fault = new JournalFault(message, cause, DurableSequence);
        if (Interlocked.CompareExchange(ref _fault, fault, null) is null)
            PoisonMarker.TryWrite(_options.Storage, _options.Directory, $"{message}; durable up to sequence {fault.DurableSequence}\n");
    }
}
