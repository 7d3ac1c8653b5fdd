namespace LowLatencyMargin.Journal;

/// <summary>Why a writer stopped for good. The host exits with code 70; the next start recovers.</summary>
/// <param name="Message">What failed and where.</param>
/// <param name="Cause">The failed call, when a call failed.</param>
/// <param name="DurableSequence">The last command that was durable.</param>
public sealed record JournalFault(string Message, JournalIoException? Cause, long DurableSequence);
