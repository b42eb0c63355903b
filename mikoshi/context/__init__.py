"""What every command on a running DAO begins with, and how it sends."""
