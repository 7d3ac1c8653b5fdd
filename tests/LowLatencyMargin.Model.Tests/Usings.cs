global using Big = System.Numerics.BigInteger;
