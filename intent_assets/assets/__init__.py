"""The asset graph, a module for each group; assets are thin: records in, pure code and resources, records out."""
