using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace LowLatencyMargin.Core;

/// <summary>What must be true whatever a client sends. Stays on in production: a broken invariant stops the engine, it never becomes state.</summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantBrokenException"/> unless <paramref name="condition"/> holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Assert([DoesNotReturnIf(false)] bool condition, string what)
    {
        if (!condition)
        {
            Broken(what);
        }
    }

    [DoesNotReturn, ColdPath, MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Broken(string what) => throw new InvariantBrokenException(what);
}

/// <summary>A bug in the core, never something that a client can cause. The host stops acknowledging and exits.</summary>
[ColdPath]
public sealed class InvariantBrokenException : Exception
{
    /// <summary>An exception without a message.</summary>
    public InvariantBrokenException()
    {
    }

    /// <summary>An exception that says which invariant broke.</summary>
    public InvariantBrokenException(string message)
        : base(message)
    {
    }

    /// <summary>An exception that says which invariant broke, and under what.</summary>
    public InvariantBrokenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
