"""The UN Peace & Security Data Hub: official lists, read to compare with, never to change."""
