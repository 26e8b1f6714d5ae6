mod compliance;
