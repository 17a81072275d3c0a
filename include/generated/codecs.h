/* Written by `make headers` from src/capi/codecs*.rs. */

/**
 * Adds a function to those that are asked for codecs.
 *
 * `TypeError` if it is not callable.
 */
int PyCodec_Register(PyObject *search);

/**
 * Forgets such a function.
 */
int PyCodec_Unregister(PyObject *search);

/**
 * Whether there is a codec of that name. Never fails.
 */
int PyCodec_KnownEncoding(const char *encoding);

/**
 * What an encoding's encoder makes of an object.
 *
 * New reference. `LookupError` for an unknown encoding.
 */
PyObject *PyCodec_Encode(PyObject *object, const char *encoding, const char *errors);

/**
 * What an encoding's decoder makes of an object.
 *
 * New reference. `LookupError` for an unknown encoding.
 */
PyObject *PyCodec_Decode(PyObject *object, const char *encoding, const char *errors);

/**
 * An encoding's encoder.
 *
 * New reference. `LookupError` for an encoding that no search function knows.
 */
PyObject *PyCodec_Encoder(const char *encoding);

/**
 * An encoding's decoder.
 *
 * New reference. `LookupError` for an encoding that no search function knows.
 */
PyObject *PyCodec_Decoder(const char *encoding);

/**
 * What an encoding has for encoding piece by piece, made with these errors.
 *
 * New reference. `LookupError`, or `AttributeError` if the codec has none.
 */
PyObject *PyCodec_IncrementalEncoder(const char *encoding, const char *errors);

/**
 * What an encoding has for decoding piece by piece, made with these errors.
 *
 * New reference. `LookupError`, or `AttributeError` if the codec has none.
 */
PyObject *PyCodec_IncrementalDecoder(const char *encoding, const char *errors);

/**
 * An encoding's reader for a stream.
 *
 * New reference. `LookupError` for an encoding that no search function knows.
 */
PyObject *PyCodec_StreamReader(const char *encoding, PyObject *stream, const char *errors);

/**
 * An encoding's writer for a stream.
 *
 * New reference. `LookupError` for an encoding that no search function knows.
 */
PyObject *PyCodec_StreamWriter(const char *encoding, PyObject *stream, const char *errors);

/**
 * Gives an error handler a name.
 *
 * `TypeError` if it is not callable.
 */
int PyCodec_RegisterError(const char *name, PyObject *handler);

/**
 * The error handler of that name; NULL means `strict`.
 *
 * New reference. `LookupError` if there is none.
 */
PyObject *PyCodec_LookupError(const char *name);

/**
 * Raises the exception.
 *
 * NULL, always.
 */
PyObject *PyCodec_StrictErrors(PyObject *exception);

/**
 * Leaves out what cannot be converted.
 *
 * New reference: a tuple of what stands for it and where to go on.
 */
PyObject *PyCodec_IgnoreErrors(PyObject *exception);

/**
 * Puts a mark in place of what cannot be converted.
 *
 * New reference: a tuple of what stands for it and where to go on.
 */
PyObject *PyCodec_ReplaceErrors(PyObject *exception);

/**
 * Puts character references of XML in place of what cannot be encoded.
 *
 * New reference: a tuple of what stands for it and where to go on.
 */
PyObject *PyCodec_XMLCharRefReplaceErrors(PyObject *exception);

/**
 * Puts escapes with a backslash in place of what cannot be converted.
 *
 * New reference: a tuple of what stands for it and where to go on.
 */
PyObject *PyCodec_BackslashReplaceErrors(PyObject *exception);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03050000

/**
 * Puts escapes by name, `\N{…}`, in place of what cannot be encoded.
 *
 * New reference: a tuple of what stands for it and where to go on.
 */
PyObject *PyCodec_NameReplaceErrors(PyObject *exception);

#endif
