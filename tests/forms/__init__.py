"""Tests of instruments and submissions."""
