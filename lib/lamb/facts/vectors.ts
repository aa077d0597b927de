/** Files of which a folder of vectors that Chroma wrote cannot lack one. It names the folders by random numbers. */
export const VECTOR_FILES: readonly string[] = ["data_level0.bin", "header.bin", "length.bin"];
