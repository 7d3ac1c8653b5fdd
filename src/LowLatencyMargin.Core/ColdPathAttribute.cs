using System;

namespace LowLatencyMargin.Core;

/// <summary>Marks what runs at set-up only and may allocate. Everything else in Core is scanned for allocations by a test over its IL.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Class | AttributeTargets.Property | AttributeTargets.Struct)]
public sealed class ColdPathAttribute : Attribute;
