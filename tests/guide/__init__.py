"""Tests of the regional Guide."""
