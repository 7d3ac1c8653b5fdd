global using LowLatencyMargin.Core.Commands;
global using LowLatencyMargin.Core.Events;
global using Big = System.Numerics.BigInteger;
