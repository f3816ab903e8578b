"""What a study makes on request: drizzled images, noise maps, PSFs, matching kernels."""
