/** Protocol Buffers as bytes: the one place that knows the package which writes and reads them. */

export { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
