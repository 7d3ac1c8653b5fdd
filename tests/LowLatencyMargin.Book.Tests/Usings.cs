global using LowLatencyMargin.Core.Commands;
global using LowLatencyMargin.Core.Events;
global using LowLatencyMargin.Tests.Shared;
global using Big = System.Numerics.BigInteger;
