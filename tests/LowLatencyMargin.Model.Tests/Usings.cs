global using LowLatencyMargin.Tests.Shared;
global using Big = System.Numerics.BigInteger;
